class Desk:
    """A service."""
