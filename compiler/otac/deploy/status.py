"""How a project's deployments do on a server: their last runs, the next ones, workers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from otac.deploy.api import Api, ApiError
from otac.deploy.mark import read_mark
from otac.deploy.pools import needs_worker, read_pools
from otac.deploy.state import find_deployments, portions
from otac.lower.project import Project

_MANY = 200
_FAILED = ("FAILED", "CRASHED")
_HOURS = 24
# All but SCHEDULED: what has begun, or ended without.
_BEGUN = (
    *("PENDING", "RUNNING", "PAUSED", "CANCELLING"),
    *("COMPLETED", "CANCELLED", *_FAILED),
)


@dataclass(frozen=True, slots=True)
class LastRun:
    """A run; `state` is its name, `type` Prefect's. `at` is when it came to the state."""

    id: str
    name: str
    state: str
    type: str
    message: str
    at: datetime
    seconds: float

    @property
    def failed(self) -> bool:
        return self.type in _FAILED


@dataclass(frozen=True, slots=True)
class RunnerStanding:
    """How one runner does. `failures` are those of the last 24 hours, `failure` the newest
    of them; `next` is in the past for a run that is late."""

    runner: str
    deployed: bool = False
    paused: bool = False
    pool: str = ""
    last: LastRun | None = None
    next: datetime | None = None
    failures: int = 0
    failure: LastRun | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works for a pool. `alive` is None where Prefect starts its runs without workers,
    `seen` the newest sign of life."""

    pool: str
    exists: bool = True
    paused: bool = False
    alive: int | None = 0
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """`orphaned` are deployments that the project had, and no longer declares."""

    runners: tuple[RunnerStanding, ...]
    pools: tuple[Staff, ...]
    orphaned: tuple[str, ...]


def read_status(api: Api, project: Project) -> Status:
    """Asks the server, and changes nothing. Raises ApiError."""
    names = [runner.id for runner in project.runners]
    flows, deployments, others = find_deployments(api, names)
    ids = [str(one["id"]) for one in deployments.values()]
    failed = _failed(api, ids)
    counts = Counter(str(run["deployment_id"]) for run in failed)
    newest: dict[str, dict[str, Any]] = {}
    for run in failed:
        newest.setdefault(str(run["deployment_id"]), run)
    last = _last(api, ids)
    due = _next(api, {flows[name]: str(one["id"]) for name, one in deployments.items()})
    owners = {read_mark(one.get("labels")).owner for one in deployments.values()}
    standings: list[RunnerStanding] = []
    for runner in project.runners:
        found = deployments.get(runner.id)
        if found is None:
            standings.append(RunnerStanding(runner.id, pool=runner.work_pool.name))
            continue
        key = str(found["id"])
        standings.append(
            RunnerStanding(
                runner.id,
                deployed=True,
                paused=bool(found.get("paused")),
                pool=str(found.get("work_pool_name")),
                last=_run(last[key]) if key in last else None,
                next=due.get(key),
                failures=counts[key],
                failure=_run(newest[key]) if key in newest else None,
            )
        )
    return Status(
        tuple(standings),
        tuple(_staff(api, dict.fromkeys(one.pool for one in standings))),
        tuple(
            str(one["name"])
            for one in others
            if (owner := read_mark(one.get("labels")).owner) and owner in owners
        ),
    )


def next_runs(api: Api, flows: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The scheduled run that is due first, by the id of its flow."""
    found: dict[str, dict[str, Any]] = {}
    for some in portions(flows):
        page = api.post("/ui/flows/next-runs", {"flow_ids": some})
        found |= {flow: run for flow, run in page.items() if run is not None}
    return found


def _next(api: Api, deployments: Mapping[str, str]) -> dict[str, datetime]:
    """When each deployment starts next; `deployments` are by the id of the flow."""
    try:
        found = next_runs(api, list(deployments))
    except ApiError as problem:
        if problem.status != 404:
            raise
        # Prefect Cloud's own user interface asks in another way.
        found = {}
        for flow, deployment in deployments.items():
            scheduled = _page(
                api, [deployment], ("SCHEDULED",), "NEXT_SCHEDULED_START_TIME_ASC"
            )
            if scheduled:
                found[flow] = scheduled[0]
    return {
        deployments[flow]: instant(run["next_scheduled_start_time"])
        for flow, run in found.items()
        if flow in deployments and run.get("next_scheduled_start_time")
    }


def _last(api: Api, deployments: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The newest run of each. One request has those of most; the others are asked for."""
    found: dict[str, dict[str, Any]] = {}
    for some in portions(deployments):
        for run in _page(api, some, _BEGUN, "START_TIME_DESC", _MANY):
            found.setdefault(str(run["deployment_id"]), run)
    for deployment in deployments:
        if deployment not in found:
            for run in _page(api, [deployment], _BEGUN, "START_TIME_DESC"):
                found[deployment] = run
    return found


def _failed(api: Api, deployments: Sequence[str]) -> list[dict[str, Any]]:
    """The runs that have failed in the last 24 hours, the newest first."""
    since = datetime.now(UTC) - timedelta(hours=_HOURS)
    return [
        run
        for some in portions(deployments)
        for run in api.every(
            "flow_runs",
            {
                "deployments": {"id": {"any_": some}},
                "flow_runs": {
                    "state": {"type": {"any_": list(_FAILED)}},
                    "end_time": {"after_": since.isoformat()},
                },
                "sort": "END_TIME_DESC",
            },
            key="id",
        )
    ]


def _page(
    api: Api,
    deployments: Sequence[str],
    states: Sequence[str],
    sort: str,
    limit: int = 1,
) -> list[dict[str, Any]]:
    body = {
        "deployments": {"id": {"any_": list(deployments)}},
        "flow_runs": {"state": {"type": {"any_": list(states)}}},
        "sort": sort,
        "limit": limit,
    }
    return [dict(run) for run in api.post("/flow_runs/filter", body)]


def _staff(api: Api, names: Mapping[str, None]) -> Iterator[Staff]:
    found = read_pools(api, names)
    for name in names:
        pool = found.pools.get(name)
        if pool is None:
            yield Staff(name, exists=False)
            continue
        paused = name in found.paused
        if not needs_worker(pool):
            yield Staff(name, paused=paused, alive=None)
            continue
        workers = list(api.every(f"work_pools/{quote(name, safe='')}/workers", {}))
        seen = [
            instant(one["last_heartbeat_time"])
            for one in workers
            if one.get("last_heartbeat_time")
        ]
        alive = sum(one.get("status") == "ONLINE" for one in workers)
        yield Staff(name, paused=paused, alive=alive, seen=max(seen, default=None))


def _run(run: Mapping[str, Any]) -> LastRun:
    state = run["state"]
    return LastRun(
        str(run["id"]),
        str(run["name"]),
        str(state["name"]),
        str(state["type"]),
        str(state["message"] or ""),
        instant(state["timestamp"]),
        float(run["total_run_time"]),
    )


def instant(text: str) -> datetime:
    """A moment as the API writes it."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
