"""Runs flows when they are due, by APScheduler; a process of its own.

The only argument is a file that names the folders and the runners. Importing this imports
APScheduler and Prefect, of which only the decorators are used.
"""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from otac.agreed import claim_output
from otac.runtime.alone import run_alone
from otac.schedules import Cron, Interval, RRule, When
from otac.schedules.clocks import Patience, installed
from otac.schedules.due import upcoming

_LOG = logging.getLogger("otac.timetable")


class Due(BaseTrigger):  # type: ignore[misc]
    """A schedule of the configuration: due when Prefect would have it due."""

    def __init__(self, when: When) -> None:
        self._when = when
        self._habits = installed()

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> Any:
        """The first instant after the last one that is not in the past."""
        start = now
        if previous_fire_time is not None:
            start = max(now, previous_fire_time + timedelta(microseconds=1))
        found = upcoming(self._when, start, self._habits, Patience(10_000))
        return next(found, None)


@dataclass
class RunnerLine:
    """A runner: its flow, how many runs it may have, whom it waits for."""

    id: str
    flow: Any
    limit: int
    enqueue: bool
    # Those that have yet to complete before it starts by itself.
    after: frozenset[str]
    awaited: set[str] = field(default_factory=set)
    free: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.free = asyncio.Semaphore(self.limit)
        self.awaited = set(self.after)

    def completes(self, other: str) -> bool:
        """Note that another runner has completed; whether this one is to start now."""
        self.awaited.discard(other)
        if other not in self.after or self.awaited:
            return False
        self.awaited = set(self.after)
        return True


class Timetable:
    """All runners, and the runs that are under way."""

    def __init__(self, lines: Iterable[RunnerLine]) -> None:
        self._lines = {line.id: line for line in lines}
        self._followers: set[asyncio.Task[None]] = set()

    async def run(self, id: str, parameters: Mapping[str, Any]) -> None:
        """One run, and those that follow on it; skipped if there are enough of them."""
        line = self._lines[id]
        if line.free.locked() and not line.enqueue:
            _LOG.warning("%s: skipped, as many runs as it may have are under way", id)
            return
        async with line.free:
            _LOG.info("%s: started", id)
            state = await run_alone(line.flow, parameters)
        level = logging.ERROR if state.is_failed() else logging.INFO
        message = f": {state.message}" if state.message else ""
        _LOG.log(level, "%s: %s%s", id, state.name, message)
        if state.is_completed():
            for other in self._lines.values():
                if other.completes(id):
                    follower = asyncio.create_task(self.run(other.id, {}))
                    self._followers.add(follower)
                    follower.add_done_callback(self._followers.discard)


def main() -> None:
    """Keep the timetable until a signal comes."""
    answers = claim_output()
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.path[:0] = task["path"]
    _log_to_people()
    try:
        lines = [_line(runner) for runner in task["runners"]]
    except Exception as error:  # noqa: BLE001
        # A module of the user's that cannot be imported.
        refusal = {"refused": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(refusal).encode() + b"\n")
        sys.exit(1)
    asyncio.run(_keep(lines, task["runners"], answers))


def _log_to_people() -> None:
    """What Prefect has set up for its own loggers shows nothing of ours."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        logging.Formatter("%(asctime)s | %(levelname)-7s | %(message)s")
    )
    otac = logging.getLogger("otac")
    otac.addHandler(handler)
    otac.setLevel(logging.INFO)
    otac.propagate = False


async def _keep(
    lines: list[RunnerLine], runners: list[dict[str, Any]], answers: Any
) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    signal.signal(
        signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(asked.set) and None
    )
    timetable = Timetable(lines)
    # Its own limit counts the runs of one schedule; ours those of a runner.
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={
            "coalesce": True,
            "max_instances": 1000,
            "misfire_grace_time": None,
        },
    )
    for runner in runners:
        if runner["triggers"]:
            _LOG.warning("%s: its event triggers need Prefect's server", runner["id"])
        for schedule in runner["schedules"]:
            arguments = [runner["id"], schedule["parameters"]]
            scheduler.add_job(timetable.run, Due(_when(schedule)), arguments)
    scheduler.start()
    answers.write(b"{}\n")
    answers.close()
    await asked.wait()
    # Runs that are under way are cancelled with the loop, and close their services.
    scheduler.shutdown(wait=False)


def _line(runner: Mapping[str, Any]) -> RunnerLine:
    path, _, function = runner["entrypoint"].partition(":")
    module = import_module(path.removesuffix(".py").replace("/", "."))
    return RunnerLine(
        runner["id"],
        getattr(module, function),
        runner["limit"],
        runner["enqueue"],
        frozenset(runner["after"]),
    )


def _when(entry: Mapping[str, Any]) -> When:
    timezone = entry.get("timezone")
    match entry:
        case {"interval": seconds, "anchor_date": anchor}:
            return Interval(seconds, anchor, timezone)
        case {"cron": expression}:
            return Cron(expression, timezone, entry.get("day_or", True))
        case _:
            return RRule(entry["rrule"], timezone)


if __name__ == "__main__":
    main()
