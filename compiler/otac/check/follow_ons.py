"""Findings that are true only because of another one."""

from collections.abc import Iterable, Sequence

from otac.config.lost import Lost
from otac.diagnostics.diagnostic import Diagnostic

_SCHEDULES = ("interval_seconds", "cron", "rrule")
_ADDRESSES = ("block", "smtp", "to", "url")

# What each finding says is missing: its code, how its message starts, and the keys.
_MISSING = (
    ("OTC310", "runner", ("pipe_id",)),
    ("OTC310", "service", ("id",)),
    ("OTC313", "an entry", _SCHEDULES),
    ("OTC321", "the runner has no", ("parameters",)),
    ("OTC322", "", ("params",)),
    ("OTC327", "", ("injects",)),
    ("OTC335", "", ("for_each",)),
    ("OTC345", "", ("for_each",)),
    ("OTC352", "notification", _ADDRESSES),
    ("OTC355", "", ("retries", "retry_delay_seconds")),
    ("OTC356", "", (*_SCHEDULES, "schedules")),
    ("OTC363", "", ("timeout_seconds",)),
    ("OTC365", "", (*_ADDRESSES, "in_flow")),
)


def without_follow_ons(
    found: Iterable[Diagnostic], lost: Sequence[Lost]
) -> tuple[Diagnostic, ...]:
    """The findings without those that a lost key explains.

    `lost` are keys behind each of which there is an error. A finding is explained if it
    misses the key, and lies in the mapping, at any depth, that the key was meant for:
    what a runner says counts for its steps too.
    """
    if not lost:
        return tuple(found)
    return tuple(one for one in found if not _is_explained(one, lost))


def _is_explained(found: Diagnostic, lost: Sequence[Lost]) -> bool:
    if found.span is None:
        return False
    # A value that a merge brought in lies where it was written, and counts where it is used.
    place = found.span.via or found.span
    for code, beginning, keys in _MISSING:
        if found.code == code and found.message.startswith(beginning):
            return any(
                one.key in keys and one.span.start <= place.start < one.span.end
                for one in lost
            )
    return False
