"""Nothing is in it."""
