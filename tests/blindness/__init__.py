"""Blindness as non-interference: two installations that differ in hidden values alone answer everybody else alike."""
