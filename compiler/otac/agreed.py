"""What compiler, commands and runs have agreed on, and none of them asks another for."""

import os
import re
from typing import IO

RECORD = "otac.components.json"
"""The file beside a configuration that describes its plugins and components."""
AGAIN = "It had crashed, and is tried again because of `flow_retries`."
"""What the automation of `otac deploy` says of an attempt: nobody asked for it."""

_COUNT = re.compile(r"(\d+) tickets?\b")


def tick_flow(runner: str) -> str:
    """The flow of a tick, a child of its runner's own: its name in Prefect, which no runner
    can have."""
    return f"{runner} tick"


def count_of_tickets(count: int) -> str:
    """How the account of a run begins, for people."""
    return f"{count} ticket{'s' * (count > 1)}"


def counted_tickets(account: str) -> int | None:
    """The number that `count_of_tickets` wrote."""
    found = _COUNT.match(account)
    return None if found is None else int(found[1])


def claim_output() -> IO[bytes]:
    """Standard output of a process that otac started, for its answers alone; what else is
    printed is for people."""
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


# Patterns for labels, as rules of a map have them: `Science/*`, `*`.
#
# A `*` stands for any text, also for none. Everything else is meant as it stands, in
# upper or lower case as it is written. Imports nothing of components, so that a check
# may ask it.
# What stands for "any text" when one pattern is held to another.
_ANY = "\N{OBJECT REPLACEMENT CHARACTER}"


def fits(pattern: str, label: str) -> bool:
    """Whether the rule applies to the label."""
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), label, re.DOTALL) is not None


def covers(pattern: str, other: str) -> bool:
    """Whether every label that `other` fits is one that `pattern` fits."""
    return fits(pattern, other.replace("*", _ANY)) and _ANY not in pattern
