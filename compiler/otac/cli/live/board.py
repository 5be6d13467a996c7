"""What there is to show, as a value."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RunnerRow:
    """One runner.

    `state` is empty before its first run; `since` is when that began or ended. `failed` is
    about its last run that is over. `tickets` is None where no run has told of any.
    `ticking`: it stays in one run, which goes on. `starting`: a worker has the next run.
    """

    name: str
    moments: str
    state: str = ""
    reason: str = ""
    since: datetime | None = None
    going: bool = False
    failed: bool = False
    ticking: bool = False
    starting: bool = False
    due: datetime | None = None
    tickets: int | None = None
    runs: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class BoardEvent:
    """Something that has happened, the same thing `times` times in a row."""

    at: datetime
    text: str
    is_bad: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong now: what that means, and the diagnostics as lines. `whole`
    tells how to see all of them."""

    title: str
    lines: tuple[str, ...]
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything. `url` is empty until Prefect answers; `events` end with the latest."""

    source: str
    log: str
    url: str = ""
    rows: tuple[RunnerRow, ...] = ()
    events: tuple[BoardEvent, ...] = ()
    trouble: Trouble | None = None
