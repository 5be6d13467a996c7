"""The names of time zones.

Kept as a list with otac, because the machine's own database differs from machine to
machine (Windows has none) and a configuration must mean the same everywhere.
"""

from functools import cache

from otac import resources


@cache
def timezones() -> frozenset[str]:
    """All names of the IANA database (`schemas/timezones.txt`)."""
    path = resources.folder("schemas") / "timezones.txt"
    return frozenset(path.read_text(encoding="ascii").split())
