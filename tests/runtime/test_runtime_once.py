"""What is done once however often it is tried."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from prefect import flow, task

from otac.components import AddNote, Note, SqliteTicketSystem, idempotency_key
from otac.components.once import is_of_a_run
from otac.components.ticket_system import TicketChanges
from otac.runtime import Run
from otac.runtime.alone import run_alone


class Deaf(SqliteTicketSystem):
    """Does what it is asked to, and loses the answer the first few times."""

    lost = 1

    async def update(
        self,
        ticket_id: str,
        changes: TicketChanges,
        note: Note | None = None,
        *,
        key: str | None = None,
    ) -> bool:
        done = await super().update(ticket_id, changes, note, key=key)
        if self.lost:
            self.lost -= 1
            raise ConnectionResetError("no answer")
        return done


@pytest.fixture
def helpdesk(tmp_path: Path) -> Deaf:
    seed = tmp_path / "seed.yml"
    seed.write_text(
        "queues: {Inbox: ''}\n"
        "tickets: [{subject: a, queue: Inbox}, {subject: b, queue: Inbox}]\n",
        encoding="utf-8",
    )
    return Deaf(path=str(tmp_path / "helpdesk.db"), seed=str(seed))


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", "false")


def noting(helpdesk: Deaf, *, retries: int = 0, flow_retries: int = 0) -> Any:
    """Writes the same words into each ticket, in two steps."""

    @task(retries=retries, retry_delay_seconds=0)
    async def write(run: Run) -> Any:
        tickets = ["1", "2"]
        return [
            await run.call(AddNote, ticket_id=one, note="Seen.", ticket_system=helpdesk)
            for one in tickets
        ]

    @flow(name="noting", retries=flow_retries, retry_delay_seconds=0)
    async def noting() -> Any:
        async with Run("noting") as run:
            await run.step("write", write)
            await run.step("again", write)
        return run.outcome()

    return noting


def notes(helpdesk: Deaf) -> list[int]:
    return [len(asyncio.run(helpdesk.get(one)).notes) for one in ("1", "2")]


@pytest.mark.parametrize("which", ["retries", "flow_retries"])
def test_a_note_is_there_once_however_often_it_is_tried(
    helpdesk: Deaf, which: str
) -> None:
    state = asyncio.run(run_alone(noting(helpdesk, **{which: 1}), {}))
    assert state.is_completed(), state.message
    # One of each step.
    assert notes(helpdesk) == [2, 2]


def test_each_run_writes_its_own(helpdesk: Deaf) -> None:
    helpdesk.lost = 0
    for _ in range(2):
        asyncio.run(run_alone(noting(helpdesk), {}))
    assert notes(helpdesk) == [4, 4]


def test_steps_and_items_have_keys_of_their_own() -> None:
    keys: list[str | None] = []

    def note_key() -> None:
        keys.append(idempotency_key())

    @task(retries=1, retry_delay_seconds=0)
    async def step(run: Run) -> Any:
        await run.call(note_key)
        if len(keys) == 1:
            raise ValueError("once more")

    @flow(name="keyed")
    async def keyed() -> Any:
        async with Run("keyed") as run:
            await run.step("one", step)
            await run.step("two", step, for_each=["a", "b"])
        return run.outcome()

    asyncio.run(run_alone(keyed, {}))
    first, again, *items = keys
    assert first == again
    assert first is not None
    assert is_of_a_run(first)
    assert first.endswith("/keyed/one")
    assert [str(key).rpartition("/")[2] for key in items] == ["two[0]", "two[1]"]


def test_outside_of_a_run_there_is_none() -> None:
    assert idempotency_key() is None
