"""Claims in the embedded store: each ticket is handled once, whatever happens."""

import asyncio
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing.queues import Queue
from pathlib import Path

import pytest

from otac.components import Named, SqliteTicketSystem, TicketChanges, TicketSearch
from otac.components.worklist import find_all, work_through

INBOX = Named(name="inbox")


def claim(
    system: SqliteTicketSystem,
    ids: Sequence[str],
    owner: str,
    purpose: str = "p",
    lease_seconds: float = 60,
) -> str | None:
    return asyncio.run(
        system.claim(purpose, ids, owner=owner, lease_seconds=lease_seconds)
    )


def test_a_claimed_ticket_is_given_to_nobody_else(helpdesk: SqliteTicketSystem) -> None:
    ids = ["2", "1"]
    assert [claim(helpdesk, ids, owner) for owner in "abc"] == ["2", "1", None]
    assert claim(helpdesk, ids, "c", purpose="another") == "2"


def test_a_finished_ticket_never_comes_back(helpdesk: SqliteTicketSystem) -> None:
    claim(helpdesk, ["1"], "a", lease_seconds=0)
    asyncio.run(helpdesk.finish("p", "1", owner="a"))
    asyncio.run(helpdesk.release("p", owner="a"))
    assert claim(helpdesk, ["1"], "b") is None


def test_a_released_ticket_comes_back_after_the_untried(
    helpdesk: SqliteTicketSystem,
) -> None:
    claim(helpdesk, ["1"], "a")
    claim(helpdesk, ["2"], "b")
    asyncio.run(helpdesk.release("p", owner="a"))
    ids = ["1", "2", "3"]
    assert [claim(helpdesk, ids, "c") for _ in range(3)] == ["3", "1", None]


def test_a_lease_ends_by_itself(helpdesk: SqliteTicketSystem) -> None:
    claim(helpdesk, ["1"], "a", lease_seconds=0.2)
    assert claim(helpdesk, ["1"], "b") is None
    time.sleep(0.25)
    assert claim(helpdesk, ["1"], "b") == "1"
    # Whoever lost it cannot finish it.
    asyncio.run(helpdesk.finish("p", "1", owner="a"))
    asyncio.run(helpdesk.release("p", owner="b"))
    assert claim(helpdesk, ["1"], "c") == "1"


def test_ten_thousand_tickets_are_no_burden(helpdesk: SqliteTicketSystem) -> None:
    ids = [str(number) for number in range(10_000, 0, -1)]
    claim(helpdesk, ids[-4:], "a")
    start = time.monotonic()
    assert claim(helpdesk, ids[-3:] + ids[-4:-3], "b") == "3"
    asyncio.run(helpdesk.list_queues())
    assert time.monotonic() - start < 5


def _work(path: str, owner: int, done: "Queue[tuple[str, int]]") -> None:
    system = SqliteTicketSystem(path=path)

    async def handle_all() -> None:
        search = TicketSearch(queue=INBOX)
        while tickets := await find_all(system, search):
            handled = 0

            async def handle(ticket: object) -> bool:
                nonlocal handled
                ticket_id = ticket.id  # type: ignore[attr-defined]
                await asyncio.sleep(0.001)
                moved = TicketChanges(queue=Named(name="Done"))
                await system.update(ticket_id, moved)
                done.put((ticket_id, owner))
                handled += 1
                return True

            worked = await work_through(
                system, "p", [ticket.id for ticket in tickets], 10, handle
            )
            assert worked.failures == {}
            if not handled:
                await asyncio.sleep(0.01)

    asyncio.run(handle_all())


@pytest.mark.timeout(120)
def test_four_processes_handle_two_hundred_tickets_once_each(
    store: Callable[[str], SqliteTicketSystem], tmp_path: Path
) -> None:
    tickets = "\n".join(f"- {{queue: inbox, subject: T{n}}}" for n in range(200))
    store(f"queues: {{inbox: '', Done: ''}}\ntickets:\n{tickets}\n")
    context = multiprocessing.get_context("spawn")
    done: Queue[tuple[str, int]] = context.Queue()
    # The file does not exist yet: all four race to create and fill it.
    path = str(tmp_path / "helpdesk.db")
    workers = [
        context.Process(target=_work, args=(path, number, done), daemon=True)
        for number in range(4)
    ]
    for worker in workers:
        worker.start()
    handled = [done.get(timeout=60) for _ in range(200)]
    for worker in workers:
        worker.join(timeout=60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert done.empty()
    counts = Counter(ticket_id for ticket_id, _ in handled)
    assert counts == {str(number): 1 for number in range(1, 201)}
    assert len({owner for _, owner in handled}) > 1


def _claim_and_hang(path: str, claimed: "Queue[str]") -> None:
    system = SqliteTicketSystem(path=path)

    async def handle(ticket: object) -> bool:
        claimed.put(ticket.id)  # type: ignore[attr-defined]
        await asyncio.sleep(600)
        return True

    async def main() -> None:
        from otac.components import worklist

        worklist.LEASE_SECONDS = 1.5
        await work_through(system, "p", ["1", "2"], 10, handle)

    asyncio.run(main())


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.timeout(60)
def test_a_killed_worker_loses_no_ticket(
    helpdesk: SqliteTicketSystem, tmp_path: Path
) -> None:
    asyncio.run(helpdesk.list_queues())
    context = multiprocessing.get_context("spawn")
    claimed: Queue[str] = context.Queue()
    worker = context.Process(
        target=_claim_and_hang,
        args=(str(tmp_path / "helpdesk.db"), claimed),
        daemon=True,
    )
    worker.start()
    assert claimed.get(timeout=30) == "1"
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    # Still leased to the dead worker; the other ticket is free.
    assert claim(helpdesk, ["1", "2"], "b") == "2"
    assert claim(helpdesk, ["1"], "b") is None
    time.sleep(1.6)
    assert claim(helpdesk, ["1"], "b") == "1"


def test_a_cancelled_run_gives_its_tickets_back(helpdesk: SqliteTicketSystem) -> None:
    async def main() -> None:
        started = asyncio.Event()

        async def handle(ticket: object) -> bool:
            started.set()
            await asyncio.sleep(600)
            return True

        task = asyncio.create_task(work_through(helpdesk, "p", ["1", "2"], 10, handle))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    # At once, without waiting for the lease; the untried one comes first.
    assert [claim(helpdesk, ["1", "2"], "b") for _ in range(2)] == ["2", "1"]
