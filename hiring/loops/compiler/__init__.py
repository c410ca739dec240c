"""What a plan is built from, what it is worth, which rules it breaks, and the model that the solver searches: plain data throughout."""
