"""What has happened to one runner since `otac dev` started."""

from collections.abc import Sequence
from datetime import datetime

from otac.cli.live.board import RunnerRow
from otac.cli.live.words import reason
from otac.local.runs import FlowRun


class Tally:
    """Counts the runs of a runner.

    Of a resident one, a run is a tick that found work. That its window has ended says
    nothing new, unless it crashed.
    """

    def __init__(self) -> None:
        self.runs = 0
        self.failures = 0
        self.due: datetime | None = None
        self._tickets: int | None = None
        self._last: FlowRun | None = None
        self._going: tuple[FlowRun, ...] = ()

    def ended(self, run: FlowRun, *, is_resident: bool) -> None:
        """A run is over."""
        if is_resident and not run.is_tick and run.type != "CRASHED":
            return
        if run.begun is None and run.type == "CANCELLED":
            # Too many at a time: it never was one.
            return
        self.runs += 1
        self.failures += run.failed
        self._last = run
        if run.tickets is not None:
            self._tickets = (self._tickets or 0) + run.tickets

    def going(self, runs: Sequence[FlowRun]) -> None:
        """These go on now."""
        self._going = tuple(runs)

    def row(self, name: str, moments: str, *, is_resident: bool) -> RunnerRow:
        """What to show of it."""
        waiting = [run for run in self._going if run.type == "PENDING"]
        begun = [run for run in self._going if run not in waiting]
        windows = [run for run in begun if is_resident and not run.is_tick]
        now = [run for run in begun if run not in windows]
        dues = [run.expected or run.since for run in waiting]
        if self.due is not None:
            dues.append(self.due)
        shown = now[0] if now else self._last
        state = since = None
        if shown is not None:
            state = shown.state
            since = shown.ended or shown.begun or shown.since
        elif windows:
            state, since = "Ticking", windows[0].begun or windows[0].since
        says = shown is not None and shown.state != "Completed" and not now
        return RunnerRow(
            name,
            moments,
            state or "",
            reason(shown.message) if shown is not None and says else "",
            since,
            going=bool(now) or (shown is None and bool(windows)),
            failed=self._last is not None and self._last.failed,
            ticking=bool(windows),
            starting=bool(waiting),
            due=min(dues, default=None),
            tickets=self._tickets,
            runs=self.runs,
            failures=self.failures,
        )
