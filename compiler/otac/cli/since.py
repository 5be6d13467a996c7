"""`--since`: an instant, or an age."""

from datetime import UTC, datetime, timedelta

from otac.config.duration import LONGEST, seconds


class WrongTime(Exception):
    """What is wrong with it."""


def read_since(text: str | None, now: datetime) -> datetime | None:
    """`30d` counts back from now; `2026-01-01` and instants without a zone are UTC."""
    if text is None:
        return None
    age = None if text.strip().isdecimal() else seconds(text)
    if age is not None and age <= LONGEST:
        return now - timedelta(seconds=age)
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise WrongTime(
            f"`--since {text}` is not a time: write `2026-01-01`, or an age such as `180d`"
        ) from None
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
