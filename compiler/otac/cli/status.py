"""`otac status`."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from otac.address import without_login
from otac.cli.comparison import connect
from otac.cli.compiling import compile_as_built
from otac.cli.configuration import read_configuration
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.live.cells import cut
from otac.cli.live.words import place, reason, span
from otac.cli.outcome import painted_state
from otac.cli.runner_choice import select
from otac.cli.table import table
from otac.cli.terminal import Printing, print_problem, print_report
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.frame import visible
from otac.lower.project import Project

if TYPE_CHECKING:
    from otac.deploy.settings import Settings
    from otac.deploy.status import LastRun, RunnerStanding, Staff, Status

# A worker takes runs some seconds late, and nobody needs to know.
_LATE_SECONDS = 15.0
_HEADER = ("RUNNER", "LAST RUN", "NEXT RUN", "FAILED IN 24 H")


def run_status(arguments: argparse.Namespace) -> Exit:
    """`otac status CONFIG`. Changes nothing; the status is 0 where the server answers."""
    printing = Printing.of(arguments)
    configuration = read_configuration(arguments.config)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    compiled = compile_as_built(configuration, printing)
    if compiled.project is None:
        return print_report(compiled.report, printing)
    project = select(compiled.project, arguments.select)
    if isinstance(project, str):
        return wrong_usage(project)
    answer = ask_server(project)
    if isinstance(answer, Diagnostic):
        return print_problem(answer, printing)
    status, settings = answer
    address = without_login(settings.url)
    if printing.format == "json":
        told = {
            "server": address,
            "source": settings.source,
            "project": project.name,
            "runners": [_runner(one) for one in status.runners],
            "work_pools": [_pool(one) for one in status.pools],
            "orphaned": list(status.orphaned),
        }
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return Exit.OK
    head = f"{address} (from {visible(settings.source)})"
    most = None
    if sys.stdout.isatty() and not printing.verbose:
        # What is not of the table: its header, the address, workers, the prompt.
        most = max(get_terminal_size().lines - 8 - len(status.pools), 4)
    lines = _lines(status, colored=printing.colored(sys.stdout), most=most)
    sys.stdout.write("\n".join((f"{head}, project `{project.name}`", "", *lines)))
    sys.stdout.write("\n")
    return Exit.OK


def ask_server(project: Project) -> "tuple[Status, Settings] | Diagnostic":
    """How the runners do on the server that is meant here, and which one that is."""
    with ExitStack() as stack:
        connected = connect(stack)
        if isinstance(connected, Diagnostic):
            return connected
        api, settings = connected
        from otac.deploy.api import ApiError, understood
        from otac.deploy.failure import failure
        from otac.deploy.server_version import read_version
        from otac.deploy.status import read_status

        try:
            version = read_version(api)
            if isinstance(version, Diagnostic):
                return version
            with understood():
                return read_status(api, project), settings
        except ApiError as problem:
            return failure(problem, settings.url)


def _lines(status: "Status", *, colored: bool, most: int | None) -> Iterator[str]:
    """At most `most` lines of runners and failures; None for all."""
    now = datetime.now(UTC)
    runners = list(status.runners)
    failures = [one for one in runners if one.failure or (one.last and one.last.failed)]
    room = len(runners)
    if most is not None and len(runners) + len(failures) > most:
        # What a reader should look at stays.
        runners.sort(key=lambda one: _interest(one, now))
        failures = sorted(failures, key=lambda one: _interest(one, now))[: most // 2]
        room = max(most - len(failures), 1)
    rows = [_row(one, now, colored=colored) for one in runners[:room]]
    yield from table(_HEADER, rows, str, numbers=False)
    if len(runners) > room:
        yield f"  and {len(runners) - room} more, all of which `--verbose` lists"
    if failures:
        yield "\nfailures:"
    columns = get_terminal_size().columns if most is not None else 10_000
    for one in failures:
        run = one.last if one.last is not None and one.last.failed else one.failure
        if run is not None:
            words = reason(run.message) or f"{run.state} without a message"
            yield cut(f"  {visible(one.runner)}  {words}", columns)
    yield "\nworkers:"
    for pool in status.pools:
        yield f"  {visible(pool.pool)}  {_workers(pool, now)}"
    if status.orphaned:
        names = ", ".join(visible(one) for one in status.orphaned)
        yield f"\nno longer in the configuration: {names} (`otac deploy --prune`)"


def _interest(one: "RunnerStanding", now: datetime) -> int:
    if one.last is not None and one.last.failed:
        return 0
    if not one.deployed or _seconds_late(one, now) > _LATE_SECONDS:
        return 1
    return 2 if one.failures else 3


def _row(one: "RunnerStanding", now: datetime, *, colored: bool) -> tuple[str, ...]:
    name = visible(one.runner)
    if not one.deployed:
        return name, "not deployed", "", ""
    count = str(one.failures) if one.failures else ""
    return name, last_run(one.last, now, colored=colored), next_run(one, now), count


def last_run(run: "LastRun | None", now: datetime, *, colored: bool) -> str:
    """`Completed 4 min ago, took 3 s`."""
    if run is None:
        return "no run yet"
    passed = span(max((now - run.at).total_seconds(), 0))
    state = painted_state(visible(run.state), color=colored)
    if run.type in ("PENDING", "RUNNING", "PAUSED", "CANCELLING"):
        return f"{state} for {passed}"
    return f"{state} {passed} ago, took {span(run.seconds)}"


def next_run(one: "RunnerStanding", now: datetime) -> str:
    """`in 56 s`, `2 min late`, `paused`; nothing where none is planned."""
    if one.paused:
        return "paused"
    if one.next is None:
        return ""
    late = _seconds_late(one, now)
    if late > _LATE_SECONDS:
        return f"{span(late)} late"
    return f"in {span(-late)}" if late < 0 else "now"


def _seconds_late(one: "RunnerStanding", now: datetime) -> float:
    return 0.0 if one.next is None else (now - one.next).total_seconds()


def _workers(pool: "Staff", now: datetime) -> str:
    if not pool.exists:
        return "there is no such work pool"
    words = "paused; " if pool.paused else ""
    if pool.alive is None:
        return f"{words}needs none"
    seen = "no sign of life yet"
    if pool.seen is not None:
        passed = span(max((now - pool.seen).total_seconds(), 0))
        seen = f"last sign of life {passed} ago"
    if not pool.alive:
        return f"{words}none alive, so its runs wait; {seen}"
    return f"{words}{pool.alive} alive; {seen}"


def _runner(one: "RunnerStanding") -> dict[str, object]:
    return {
        "runner": one.runner,
        "deployed": one.deployed,
        "paused": one.paused,
        "work_pool": one.pool,
        "last_run": _told(one.last),
        "next_run": one.next and one.next.isoformat(),
        "failures_in_24_hours": one.failures,
        "last_failure": _told(one.failure),
    }


def _told(run: "LastRun | None") -> dict[str, object] | None:
    if run is None:
        return None
    return {
        "id": run.id,
        "name": run.name,
        "state": run.state,
        "type": run.type,
        "at": run.at.isoformat(),
        "seconds": run.seconds,
        "message": run.message,
        "place": place(run.message),
    }


def _pool(pool: "Staff") -> dict[str, object]:
    return {
        "name": pool.pool,
        "exists": pool.exists,
        "paused": pool.paused,
        "needs_workers": pool.alive is not None,
        "workers_alive": pool.alive or 0,
        "last_sign_of_life": pool.seen and pool.seen.isoformat(),
    }
