"""What claims in PostgreSQL cost a ticket: `python -m benchmarks.claims postgresql://...`.

Prints the milliseconds of one claim and its end, in the middle and of the slowest of a
hundred, for one worker alone and for four at once, and with a connection that was opened
for it; and the same of a file. Against the three that a ticket may cost.
"""

import asyncio
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from otac.components.claims import Claims, PostgresClaims
from otac.components.sqlite.claim_file import claim_file

_LEASE_SECONDS = 300.0


async def _drain(claims: Claims, ids: list[str], purpose: str) -> list[float]:
    """Milliseconds of each ticket, until none is left."""
    owner = uuid.uuid4().hex
    taken: list[float] = []
    while True:
        begin = time.perf_counter()
        ticket = await claims.claim(
            purpose, ids, owner=owner, lease_seconds=_LEASE_SECONDS
        )
        if ticket is None:
            return taken
        await claims.finish(purpose, ticket, owner=owner)
        taken.append(1000 * (time.perf_counter() - begin))


async def _workers(open_claims: Callable[[], Claims], workers: int, count: int) -> str:
    ids = [str(number) for number in range(1, count + 1)]
    purpose = uuid.uuid4().hex
    stores = [open_claims() for _ in range(workers)]
    for store in stores:
        await store.setbacks(purpose)
    took = await asyncio.gather(*(_drain(one, ids, purpose) for one in stores))
    for store in stores:
        await store.close()
    times = sorted(one for worker in took for one in worker)
    slowest = times[int(len(times) * 0.99)]
    return f"{statistics.median(times):.2f}, {slowest:.2f}"


async def _first(open_claims: Callable[[], Claims]) -> float:
    claims = open_claims()
    begin = time.perf_counter()
    await claims.setbacks("p")
    taken = 1000 * (time.perf_counter() - begin)
    await claims.close()
    return taken


async def _main(address: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "claims.db")

        def file() -> Claims:
            return claim_file(path, "benchmark")

        def postgres() -> Claims:
            return Claims(PostgresClaims(address), "benchmark")

        print("| ms a ticket: median, slowest of 100 | PostgreSQL | file |")
        print("|---|---|---|")
        for workers, count in ((1, 200), (1, 2000), (4, 200)):
            cells = [await _workers(each, workers, count) for each in (postgres, file)]
            what = f"{workers} at once, {count} tickets"
            print(f"| {what} | {cells[0]} | {cells[1]} |")
        opened = [await _first(postgres) for _ in range(20)]
        print(f"| opening a connection | {statistics.median(opened):.1f} | |")


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
