"""A card's life as a state machine: people act on the real app by HTTP, and a plain model says what has to come of it."""
