"""How far a server's clock is from this machine's, by the date of its answer."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds_ahead(date: str | None) -> float:
    """Positive where the server is ahead; 0 where its answer has no date.

    Good to a few seconds: the header has whole ones, and the answer was under way.
    """
    try:
        told = parsedate_to_datetime(date) if date else None
    except ValueError:
        told = None
    if told is None:
        return 0.0
    if told.tzinfo is None:
        told = told.replace(tzinfo=UTC)
    return (told - datetime.now(UTC)).total_seconds()


CLOCK_SECONDS = 60.0
"""Ages of tickets count in minutes."""


def clock_words(seconds: float, whose: str) -> str | None:
    """What to say of a clock that is so far ahead; None where it is near enough."""
    if abs(seconds) < CLOCK_SECONDS:
        return None
    way = "ahead of" if seconds > 0 else "behind"
    return f"the clock of {whose} is {abs(seconds):.0f} s {way} this machine's"
