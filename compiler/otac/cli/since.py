"""`--since`: an instant, or an age."""

import re
from datetime import UTC, datetime, timedelta

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_AGE = re.compile(r"(\d{1,5})([hdw])")


class WrongTime(Exception):
    """What is wrong with it."""


def read_since(text: str | None, now: datetime) -> datetime | None:
    """`30d` counts back from now; `2026-01-01` and instants without a zone are UTC."""
    if text is None:
        return None
    if (age := _AGE.fullmatch(text.strip())) is not None:
        return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise WrongTime(
            f"`--since {text}` is no time: write `2026-01-01`, or an age such as `180d`"
        ) from None
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
