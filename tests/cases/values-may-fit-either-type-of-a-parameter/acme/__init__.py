"""Components of the user's."""
