"""What happens to the runs of a project's deployments, asked of the embedded server."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from otac.agreed import counted_tickets, tick_flow
from otac.deploy.status import instant
from otac.local.api import LocalApi

_ACCOUNT = "tickets-"


@dataclass(frozen=True, slots=True)
class FlowRun:
    """A run as it is now. `state` is the name, `type` Prefect's, e.g. `COMPLETED` for
    `Stopped`.

    Without `ended` it goes on; it is `expected` to begin at an instant that may be ahead, as
    a worker takes runs some seconds early. `is_tick`: it is one of those inside of a resident runner's
    run. `tickets` is None where the run left no account of them.
    """

    id: str
    runner: str
    state: str
    type: str
    message: str
    since: datetime
    begun: datetime | None
    ended: datetime | None
    expected: datetime | None
    seconds: float
    is_tick: bool
    tickets: int | None = None

    @property
    def failed(self) -> bool:
        return self.type in ("FAILED", "CRASHED")


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: runs that have ended since the last look, the oldest first, those that
    go on, and when each runner starts next, as far as Prefect has planned it. `due` is None
    where nobody asked for it."""

    ended: tuple[FlowRun, ...]
    going: tuple[FlowRun, ...]
    due: Mapping[str, datetime] | None = None


class Runs:
    """The runs of some deployments from now on.

    Runs without a deployment, such as those of `otac run`, are shown elsewhere.
    """

    def __init__(self, api: LocalApi) -> None:
        self._api = api
        self._names: dict[str, str] = {}
        self._flows: dict[str, str] = {}
        # The names of flows that are no deployment's own.
        self._inner: dict[str, str] = {}
        self._start = datetime.now(UTC)
        self._seen = self._start.isoformat()
        self._shown: set[str] = set()

    def follow(self, deployments: Iterable[Mapping[str, Any]]) -> None:
        """Look at these, as the API describes them."""
        found = list(deployments)
        self._names = {one["id"]: one["name"] for one in found}
        self._flows = {one["flow_id"]: one["name"] for one in found}

    def look(self, *, tickets: bool) -> Look:
        """What has happened since; with `tickets`, also how many the ended runs handled.

        Raises ApiError, and the next look sees the same.
        """
        found = sorted(
            self._api.list_runs(self._seen), key=lambda run: str(run["end_time"])
        )
        over = [run for run in found if run["end_time"] is not None]
        # Those of the last instant come again.
        fresh = [run for run in over if run["id"] not in self._shown]
        going = [run for run in found if run["end_time"] is None]
        self._learn_flows([*fresh, *going])
        handled = self._tickets(fresh) if tickets else {}
        self._shown = {run["id"] for run in over}
        if fresh:
            self._seen = str(fresh[-1]["end_time"])
        # What an earlier server was killed with goes on for ever, and nowhere.
        alive = (run for run in self._ours(going, {}) if run.since >= self._start)
        return Look(self._ours(fresh, handled), tuple(alive))

    def due(self) -> dict[str, datetime]:
        """When each runner starts next. Raises ApiError."""
        found = self._api.next_runs(list(self._flows))
        return {
            self._flows[flow]: instant(run["next_scheduled_start_time"])
            for flow, run in found.items()
            if flow in self._flows
        }

    def _ours(
        self, runs: Iterable[dict[str, Any]], tickets: Mapping[str, int]
    ) -> tuple[FlowRun, ...]:
        shown: list[FlowRun] = []
        for run in runs:
            runner = self._names.get(run["deployment_id"])
            is_tick = runner is None and run["parent_task_run_id"] is not None
            if is_tick:
                runner = self._runner_of_tick(run["flow_id"])
            if runner is not None:
                count = tickets.get(run["id"])
                shown.append(_flow_run(run, runner, is_tick=is_tick, tickets=count))
        return tuple(shown)

    def _runner_of_tick(self, flow: str) -> str | None:
        name = self._inner.get(flow)
        ticks = {tick_flow(runner): runner for runner in self._flows.values()}
        return None if name is None else ticks.get(name)

    def _learn_flows(self, runs: Iterable[dict[str, Any]]) -> None:
        unknown = {
            run["flow_id"]
            for run in runs
            if run["deployment_id"] is None and run["parent_task_run_id"] is not None
        } - self._inner.keys()
        if unknown:
            found = self._api.list_flows(sorted(unknown))
            self._inner |= {flow["id"]: flow["name"] for flow in found}

    def _tickets(self, runs: Iterable[dict[str, Any]]) -> dict[str, int]:
        """How many tickets each of the runs handled, from the account that it left."""
        ids = [run["id"] for run in runs]
        counts: dict[str, int] = {}
        for artifact in self._api.list_artifacts(ids) if ids else ():
            count = counted_tickets(artifact["description"] or "")
            if count is not None and str(artifact["key"]).startswith(_ACCOUNT):
                counts[artifact["flow_run_id"]] = count
        return counts


def _flow_run(
    run: Mapping[str, Any], runner: str, *, is_tick: bool, tickets: int | None
) -> FlowRun:
    state = run["state"]
    begun, ended = run["start_time"], run["end_time"]
    expected = run["expected_start_time"]
    return FlowRun(
        run["id"],
        runner,
        state["name"],
        state["type"],
        state["message"] or "",
        instant(state["timestamp"]),
        instant(begun) if begun else None,
        instant(ended) if ended else None,
        instant(expected) if expected else None,
        run["total_run_time"],
        is_tick,
        tickets,
    )
