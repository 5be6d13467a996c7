"""What happens to the fleet: 200 runs, a worker that is lost, a server that goes away."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tickets import Tickets
from topology import WORKERS, Fleet

from background import until
from prefect_api import FINAL

# Runs of each runner.
RUNS = {"one_by_one": 6, "drain": 97, "chain": 97}
# By the queue they arrive in; more places than tickets, as a run may be lost.
TICKETS = {"Difficult": 5, "Incoming": 200, "Chain": 60}
_LOST_AFTER, _AWAY_AFTER = 40, 100
# As a machine that starts again.
_BACK_AFTER_SECONDS = 20
_AWAY_SECONDS = 10
# A busy machine is no defect.
_PATIENCE = 900.0
# Between one end and the next: runs that nobody gives up would be waited for for ever.
_SILENCE = 240.0


@dataclass(frozen=True)
class Story:
    """The runs; `lost` are those of the lost worker, with the state they were left in.

    `crashes` are the states that each of those came to next, and all is by a run's id.
    """

    runs: list[dict[str, Any]]
    runners: dict[str, str]
    lost: dict[str, str]
    crashes: dict[str, dict[str, Any]]
    lost_at: float
    away: tuple[float, float]

    @property
    def unfinished(self) -> list[dict[str, Any]]:
        return [run for run in self.runs if run["state_type"] not in FINAL]

    @property
    def states(self) -> Counter[str]:
        return Counter(run["state_name"] for run in self.runs)

    @property
    def minutes(self) -> float:
        """From the first start to the last end of those that were not lost."""
        others = [run for run in self.runs if run["id"] not in self.lost]
        starts = [moment(run["start_time"]) for run in others if run["start_time"]]
        ends = [moment(run["end_time"]) for run in others if run["end_time"]]
        return (max(ends) - min(starts)) / 60


def tell(fleet: Fleet, tickets: Tickets) -> Story:
    """All of it, up to the moment when every run is over or patience is."""
    for queue, count in TICKETS.items():
        tickets.add(queue, count)
    runners = {fleet.run_now(name): name for name in _spread(RUNS)}
    ids = list(runners)
    for name in WORKERS:
        fleet.start_worker(name)

    _until_over(fleet, ids, _LOST_AFTER)
    name = until(
        "a worker in the middle of it",
        lambda: _in_the_middle(fleet, tickets),
        _PATIENCE,
    )
    processes = fleet.kill(name)
    lost_at = time.time()
    lost = {
        run["id"]: run["state_name"]
        for run in _read(fleet, processes)
        if run["state_type"] not in FINAL
    }
    time.sleep(_BACK_AFTER_SECONDS)
    fleet.start_worker(name)

    _until_over(fleet, ids, _AWAY_AFTER)
    fleet.kill("server")
    away_from = time.time()
    time.sleep(_AWAY_SECONDS)
    fleet.start_server()
    away = away_from, time.time()

    retried = [run for run in ids if runners[run] == "chain"]
    _until_silent(fleet, ids, retried)
    crashes = {run: _after(fleet, run, lost_at) for run in lost}
    return Story(_read(fleet, ids), runners, lost, crashes, lost_at, away)


def moment(text: str) -> float:
    """Seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


def _spread(counts: dict[str, int]) -> list[str]:
    """Names, each as evenly over the list as it goes."""
    places = [
        ((number + 0.5) / count, name)
        for name, count in counts.items()
        for number in range(count)
    ]
    return [name for _, name in sorted(places)]


def _in_the_middle(fleet: Fleet, tickets: Tickets) -> str | None:
    """A worker that has a ticket in hand, and a run that has not begun."""
    if not tickets.in_hand("process:Difficult"):
        return None
    slow = fleet.deployment("one_by_one")["id"]
    for name in WORKERS:
        runs = _read(fleet, fleet.runs_of(name))
        working = {run["deployment_id"] for run in runs if _is(run, "RUNNING")}
        if slow in working and any(_is(run, "PENDING") for run in runs):
            return name
    return None


def _after(fleet: Fleet, run: str, instant: float) -> dict[str, Any]:
    """The first state of a run after the instant, or the last one."""
    states: list[dict[str, Any]] = fleet.get(f"flow_run_states/?flow_run_id={run}")
    states.sort(key=lambda state: moment(state["timestamp"]))
    later = (state for state in states if moment(state["timestamp"]) > instant)
    return next(later, states[-1])


def _is(run: dict[str, Any], kind: str) -> bool:
    return bool(run["state_type"] == kind)


def _until_over(fleet: Fleet, ids: Sequence[str], count: int) -> None:
    until(f"{count} runs", lambda: over(fleet, ids) >= count or None, _PATIENCE)


def _until_silent(fleet: Fleet, ids: Sequence[str], retried: Sequence[str]) -> None:
    """Until all are over, or nothing happens any more. The retried go on after a crash."""
    count, since = 0, time.monotonic()
    while count < len(ids) and time.monotonic() < since + _SILENCE:
        now = over(fleet, ids) - _count(fleet, retried, {"CRASHED"})
        if now > count:
            count, since = now, time.monotonic()
        time.sleep(1)


def over(fleet: Fleet, ids: Sequence[str]) -> int:
    """How many have come to a final state."""
    return _count(fleet, ids, FINAL)


def _count(fleet: Fleet, ids: Sequence[str], types: set[str]) -> int:
    states = {"type": {"any_": sorted(types)}}
    flow_runs = {"id": {"any_": ids}, "state": states}
    return int(fleet.post("flow_runs/count", flow_runs=flow_runs))


def _read(fleet: Fleet, ids: Sequence[str] | set[str]) -> list[dict[str, Any]]:
    """As the server has them, at most 200."""
    found: list[dict[str, Any]] = fleet.post(
        "flow_runs/filter", flow_runs={"id": {"any_": list(ids)}}
    )
    assert len(found) == len(ids)
    return found
