"""Plans (which session asks which questions) and loops (who sits where and when, for one candidate)."""
