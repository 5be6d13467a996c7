"""The project that the tests review."""

from review_project import project

__all__ = ["project"]
