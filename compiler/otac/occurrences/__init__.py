"""When a schedule is due: the instants, as Prefect computes them."""

from otac.occurrences.upcoming import MissingLibrary, upcoming

__all__ = ["MissingLibrary", "upcoming"]
