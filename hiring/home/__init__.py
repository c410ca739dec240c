"""What waits for the person who just signed in."""
