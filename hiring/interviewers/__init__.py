"""Who judges which skill, how many loops at once, and when they are free."""
