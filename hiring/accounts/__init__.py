"""People who sign in, and the role that each holds."""
