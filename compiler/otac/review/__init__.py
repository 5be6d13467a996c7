"""What agents made of the tickets that otac moved or prioritised."""
