"""Loopcard: structured interviews for tech leads, from the question bank to the debrief."""
