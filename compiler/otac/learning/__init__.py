"""What is learned from labelled tickets, and how well decisions fit them."""
