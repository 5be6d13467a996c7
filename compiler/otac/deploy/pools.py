"""Work pools: whether they are there, take runs, and somebody works for them."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from otac.deploy.api import Api
from otac.diagnostics.diagnostic import Diagnostic, error, warning
from otac.source.document import Span

# Prefect starts runs of these by itself.
_WITHOUT_WORKER = (":push", ":managed")


class PoolUse(NamedTuple):
    """That runs of a runner go there. `span` is where a finding stands, if anywhere."""

    runner: str
    pool: str
    queue: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Pools:
    """Those that are there by name; `paused` are pools, and queues as `pool/queue`."""

    pools: Mapping[str, dict[str, Any]]
    paused: frozenset[str]


def read_pools(api: Api, names: Iterable[str]) -> Pools:
    """What the server has of these."""
    wanted = {"work_pools": {"name": {"any_": sorted(set(names))}}}
    pools = {str(pool["name"]): pool for pool in api.every("work_pools", wanted)}
    return Pools(pools, frozenset(_paused(api, pools)))


def _paused(api: Api, pools: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for name, pool in pools.items():
        if pool.get("is_paused"):
            yield name
        for queue in api.every(f"work_pools/{quote(name, safe='')}/queues", {}):
            if queue.get("is_paused"):
                yield f"{name}/{queue['name']}"


def needs_worker(pool: Mapping[str, Any]) -> bool:
    """Whether somebody's worker has to start its runs."""
    return not str(pool.get("type")).endswith(_WITHOUT_WORKER)


def without_worker(api: Api, pools: Pools) -> frozenset[str]:
    """The pools whose workers have given no sign of life, and that need one."""
    return frozenset(
        name
        for name, pool in pools.pools.items()
        if needs_worker(pool)
        and not any(
            worker.get("status") == "ONLINE"
            for worker in api.every(f"work_pools/{quote(name, safe='')}/workers", {})
        )
    )


def missing_pool(pool: str, uses: Sequence[PoolUse], help: str) -> Diagnostic:
    """That there is none of this name, which these use; `help` is what else can be done."""
    users = [f"`{one.runner}`" for one in uses if one.pool == pool]
    more = f" and {len(users) - 1} more" if len(users) > 1 else ""
    return error(
        "OTC535",
        f"there is no work pool `{pool}`, which {users[0]}{more} would run in",
        next((one.span for one in uses if one.pool == pool), None),
        help=f"run `prefect work-pool create {shlex.quote(pool)} --type process`{help}",
    )


def paused(uses: Iterable[PoolUse], found: frozenset[str]) -> Iterator[Diagnostic]:
    """Runs of such a pool or queue are scheduled, and wait."""
    told: set[str] = set()
    for one in uses:
        pool, queue = one.pool, f"{one.pool}/{one.queue}"
        if pool in found and pool not in told:
            told.add(pool)
            yield warning(
                "OTC547",
                f"work pool `{pool}` is paused: none of its runs starts",
                one.span,
                help=f"run `prefect work-pool resume {shlex.quote(pool)}`",
            )
        elif queue in found and not {pool, queue} & told:
            told.add(queue)
            name = shlex.quote(one.queue)
            yield warning(
                "OTC547",
                f"work queue `{queue}` is paused: none of its runs starts",
                one.span,
                help=f"run `prefect work-queue resume {name} "
                f"--pool {shlex.quote(pool)}`",
            )


def unattended(uses: Iterable[PoolUse], found: frozenset[str]) -> Iterator[Diagnostic]:
    """Pools without a worker, each at the first runner that uses it."""
    told: set[str] = set()
    for one in uses:
        if one.pool in found and one.pool not in told:
            told.add(one.pool)
            yield warning(
                "OTC585",
                f"no worker works for pool `{one.pool}`: none of its runs starts",
                one.span,
                help=f"run `prefect worker start --pool {shlex.quote(one.pool)}`",
            )
