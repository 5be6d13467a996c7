"""What breaks first when many runners start on many workers: a model with measured costs.

`python -m benchmarks.fleet_simulation`; seconds, no server. What a run costs is measured by
`python -m benchmarks.warm`; the rest is modelled: servers and cores take one thing at a time,
in order; workers ask every ten seconds, as Prefect's do, and take what they have room for.
Database, network and the scheduler are not modelled: they are taken to keep up.
"""

import heapq
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles

# Prefect's default: how often a worker asks for work.
_POLL = 10.0
# What a question for work costs a server, seconds of CPU.
_ASKING = 0.02
_BUSY = 0.95


@dataclass(frozen=True, slots=True)
class Fleet:
    """`interval` of each runner in seconds; `start` and `server` are the seconds of CPU that a
    run takes of its worker and of a server, `limit` how many runs a worker has at once."""

    runners: int
    interval: float
    workers: int
    cores: int
    servers: int
    start: float
    server: float
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares of their time for which servers and workers' cores work; how late runs begin to
    work, in seconds: the middle one and 95 of 100; runs a minute that end."""

    servers: float
    workers: float
    late: tuple[float, float]
    minute: float

    @property
    def broken(self) -> str:
        """What has no room left, in the order in which a run meets it."""
        full = [
            name
            for name, share in (("servers", self.servers), ("workers", self.workers))
            if share > _BUSY
        ]
        return ", ".join(full) or "nothing"


@dataclass(slots=True)
class _Cores:
    """Works that are done one after the other, on so many cores."""

    count: int
    free: list[float] = field(default_factory=list)
    used: float = 0.0

    def done(self, now: float, seconds: float) -> float:
        """When a work that comes now is over."""
        begin = (
            max(now, heapq.heappop(self.free)) if len(self.free) == self.count else now
        )
        heapq.heappush(self.free, begin + seconds)
        self.used += seconds
        return begin + seconds


def simulate(fleet: Fleet, seconds: float = 900.0) -> Outcome:
    """So many seconds of it; the same each time. The first third is not counted."""
    servers = _Cores(fleet.servers)
    cores = [_Cores(fleet.cores) for _ in range(fleet.workers)]
    room = [fleet.limit] * fleet.workers
    waiting: deque[float] = deque()
    events: list[tuple[float, int, Callable[[float], None]]] = []
    late: list[float] = []
    ended, number = 0, 0
    counted = seconds / 3

    def at(when: float, what: Callable[[float], None]) -> None:
        nonlocal number
        number += 1
        heapq.heappush(events, (when, number, what))

    def comes(now: float) -> None:
        waiting.append(now)
        at(now + fleet.interval, comes)

    def asks(worker: int) -> Callable[[float], None]:
        def ask(now: float) -> None:
            answered = servers.done(now, _ASKING)
            while waiting and room[worker]:
                room[worker] -= 1
                begin(worker, waiting.popleft(), answered)
            at(max(now + _POLL, answered), ask)

        return ask

    def begin(worker: int, due: float, now: float) -> None:
        # Half of what a server does for a run is done before the run works.
        told = servers.done(now, fleet.server / 2)

        def start(now: float) -> None:
            at(cores[worker].done(now, fleet.start), works)

        def works(now: float) -> None:
            if now > counted:
                late.append(now - due)
            at(servers.done(now, fleet.server / 2), over)

        def over(now: float) -> None:
            nonlocal ended
            ended += now > counted
            room[worker] += 1

        at(told, start)

    for one in range(fleet.runners):
        at(one * fleet.interval / fleet.runners, comes)
    for worker in range(fleet.workers):
        at(worker * _POLL / fleet.workers, asks(worker))
    while events and events[0][0] <= seconds:
        now, _, what = heapq.heappop(events)
        what(now)
    marks = quantiles(late, n=20) if len(late) > 1 else [seconds] * 19
    return Outcome(
        min(servers.used / seconds / fleet.servers, 1.0),
        min(
            sum(one.used for one in cores) / seconds / fleet.cores / fleet.workers, 1.0
        ),
        (marks[9], marks[18]),
        ended / (seconds - counted) * 60,
    )


def main() -> None:
    """`fleet_simulation [COLD SERVER WARM SERVER]`: seconds of CPU that a run takes of its
    worker and of a server."""
    given = sys.argv[1:5] or ("2.33", "0.30", "0.19", "0.21")
    cold, cold_server, warm, warm_server = map(float, given)
    head = "runners, every|start|servers|wanted a minute|ended|median late|95 of 100|no room left"
    print(f"| {head.replace('|', ' | ')} |")
    print("|---" * (head.count("|") + 1) + "|")
    for servers in (1, 4, 16, 32):
        for kind, start, server in (
            ("cold", cold, cold_server),
            ("warm", warm, warm_server),
        ):
            fleet = Fleet(10_000, 300.0, 50, 2, servers, start, server)
            found = simulate(fleet)
            wanted = 60 * fleet.runners / fleet.interval
            print(
                f"| {fleet.runners:,}, {fleet.interval / 60:g} min | {kind} | {servers}"
                f" | {wanted:,.0f} | {found.minute:,.0f} | {found.late[0]:,.0f} s"
                f" | {found.late[1]:,.0f} s | {found.broken} |"
            )


if __name__ == "__main__":
    main()
