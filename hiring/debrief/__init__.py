"""The reveal, the candidates side by side, and the decision."""
