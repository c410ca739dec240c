"""Skills with their anchors, and the questions that probe them."""
