"""One interviewer's marks, evidence and recommendation for one candidate."""
