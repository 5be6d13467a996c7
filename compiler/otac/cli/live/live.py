"""`otac dev` in a terminal: the board, kept up to date."""

import sys
import time
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from otac.cli.build import Built
from otac.cli.dev_tests import Tested
from otac.cli.development import DeployedProject, Wrong
from otac.cli.live.board import Board, BoardEvent, RunnerRow, Trouble
from otac.cli.live.picture import picture
from otac.cli.live.screen import Screen
from otac.cli.live.table import TableView
from otac.cli.live.tally import Tally
from otac.cli.live.words import moments, reason
from otac.cli.terminal import Printing, rendered, say, wanted
from otac.deploy.plan import Action
from otac.diagnostics.diagnostic import Severity
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report
from otac.local.deployments import Deployed
from otac.local.runs import FlowRun, Look
from otac.lower.project import Project

_KEPT_EVENTS = 50
_REDRAW_SECONDS = 1.0
_HAPPENED = {
    Wrong.BUILD: "has errors",
    Wrong.DEPLOY: "was refused",
    Wrong.IMPORT: "needs a module that cannot be imported",
}
# Of a deployment that is not compiled from a runner.
_FOREIGN = "in prefect.yaml"


class Live:
    """Draws on the terminal of standard error between entering and leaving."""

    is_close = True

    def __init__(
        self, project: Project, source: str, log: str, printing: Printing
    ) -> None:
        self._printing = printing
        self._color = printing.colored(sys.stderr)
        self._screen = Screen(sys.stderr.fileno())
        self._source, self._log = visible(source), visible(log)
        self._url = ""
        self._tallies: dict[str, Tally] = {}
        self._moments: dict[str, str] = {}
        self._residents: frozenset[str] = frozenset()
        self._events: list[BoardEvent] = []
        self._trouble: tuple[Wrong, Report] | None = None
        self._tested: Tested | None = None
        self._drawn = 0.0
        self._follow(project, ())

    def __enter__(self) -> Self:
        # Nothing is drawn yet: who is interrupted in here is not asked to exit.
        self._screen.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._screen.__exit__(kind, error, traceback)
        runs = sum(tally.runs for tally in self._tallies.values())
        failures = sum(tally.failures for tally in self._tallies.values())
        counted = f"{runs} run{'s' * (runs != 1)}, {failures} failed"
        say(f"{counted}; Prefect's log: {self._log}", self._printing)

    def leave(self) -> None:
        """Give the terminal back, if it has not been given back."""
        self._screen.leave()

    def built(self, built: Built) -> None:
        """Warnings of a build that went well are told of, not shown."""
        count = wanted(built.report, self._printing).count(Severity.WARNING)
        if count:
            number = f"{count} warning{'s' * (count > 1)}"
            self._note(f"{self._source}: {number}; `otac check` shows them")

    def deployed(self, deployment: DeployedProject) -> None:
        self._url = deployment.url
        # What tests came to was about another version.
        self._trouble = self._tested = None
        self._follow(deployment.project, deployment.deployed.deployments)
        done = _done(deployment.deployed)
        self._note(f"deployed in {deployment.seconds:.1f} s: {done}")
        self._draw()

    def wrong(self, what: Wrong, report: Report) -> None:
        self._trouble = (what, wanted(report, self._printing))
        self._note(f"{self._source} {_HAPPENED[what]}", is_bad=True)
        self._draw()

    def tested(self, tested: Tested) -> None:
        self._tested = tested
        self._note(tested.summary, is_bad=bool(tested.faults))
        self._draw()

    def saw(self, look: Look) -> None:
        for run in look.ended:
            tally = self._tallies.get(run.runner)
            if tally is not None:
                tally.ended(run, is_resident=run.runner in self._residents)
            if run.failed:
                self._note(_failure(run), is_bad=True)
        for name, tally in self._tallies.items():
            tally.going([run for run in look.going if run.runner == name])
        if look.due is not None:
            for name, tally in self._tallies.items():
                tally.due = look.due.get(name)
        if look.ended:
            self._drawn = 0.0

    def tick(self) -> None:
        """Draw, if a second has passed, something has happened or the size is another."""
        passed = time.monotonic() - self._drawn
        if self._screen.is_stale or passed >= _REDRAW_SECONDS:
            self._draw()

    def _draw(self) -> None:
        width, height = self._screen.size
        view = TableView(width, height, datetime.now(UTC), self._color)
        board = Board(
            self._source,
            self._log,
            self._url,
            tuple(self._rows()),
            tuple(self._events),
            self._rendered(width),
        )
        self._screen.draw(picture(board, view))
        self._drawn = time.monotonic()

    def _rows(self) -> list[RunnerRow]:
        return [
            tally.row(
                visible(name),
                self._moments.get(name, _FOREIGN),
                is_resident=name in self._residents,
            )
            for name, tally in self._tallies.items()
        ]

    def _rendered(self, width: int) -> Trouble | None:
        if self._trouble is None:
            # A failing test is about what is deployed, and waits for what is not.
            tested = self._tested
            if tested is None or not tested.faults:
                return None
            title = f"This is deployed, and {tested.summary}:"
            return Trouble(title, tested.faults, "`otac test` shows all")
        what, report = self._trouble
        shown = report.limited(self._printing.max_errors)
        text = rendered(shown, self._printing, width)
        whole = "`otac check` shows all" if what is Wrong.BUILD else ""
        return Trouble(what.value, tuple(text.splitlines()), whole)

    def _follow(
        self, project: Project, deployments: tuple[dict[str, object], ...]
    ) -> None:
        """These are the runners now, and what else `prefect.yaml` has."""
        names = [runner.id for runner in project.runners]
        names += (str(one["name"]) for one in deployments if one["name"] not in names)
        before = self._tallies
        self._tallies = {name: before.get(name) or Tally() for name in names}
        self._moments = {runner.id: moments(runner) for runner in project.runners}
        self._residents = frozenset(
            runner.id for runner in project.runners if runner.resident is not None
        )

    def _note(self, text: str, *, is_bad: bool = False) -> None:
        now = datetime.now(UTC)
        times = 1
        if self._events and self._events[-1].text == text:
            times += self._events.pop().times
        self._events.append(BoardEvent(now, text, is_bad, times))
        del self._events[:-_KEPT_EVENTS]


def _failure(run: FlowRun) -> str:
    seconds = f" after {run.seconds:.1f} s" if run.begun else ""
    said = reason(run.message)
    return f"{visible(run.runner)}  {run.state}{seconds}{f': {said}' if said else ''}"


def _done(deployed: Deployed) -> str:
    done = deployed.done
    changed = sum(done.get(one, 0) for one in (Action.CHANGE, Action.DRIFTED))
    removed = sum(done.get(one, 0) for one in (Action.ORPHANED, Action.REMOVE))
    words = (
        (done.get(Action.CREATE, 0), "made"),
        (changed, "changed"),
        (removed, "removed"),
    )
    listed = ", ".join(f"{count} {word}" for count, word in words if count)
    return listed or "nothing is different"
