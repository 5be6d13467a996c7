"""The embedded ticket store, on real files."""

import asyncio
import multiprocessing
import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from otac.components import (
    ClaimingTicketSystem,
    Fail,
    Named,
    NewTicket,
    Note,
    SqliteTicketSystem,
    Ticket,
    TicketChanges,
    TicketSearch,
)
from otac.components.sqlite.layout import DatabaseLayout

T = TypeVar("T")
INBOX = Named(name="inbox")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def ids(tickets: list[Ticket]) -> list[str]:
    return [ticket.id for ticket in tickets]


def refused(work: Coroutine[Any, Any, object]) -> str:
    with pytest.raises(Fail) as caught:
        run(work)
    return str(caught.value)


def test_it_is_a_claiming_ticket_system(helpdesk: SqliteTicketSystem) -> None:
    assert isinstance(helpdesk, ClaimingTicketSystem)


def test_find_is_oldest_first(helpdesk: SqliteTicketSystem) -> None:
    assert ids(run(helpdesk.find(TicketSearch()))) == ["4", "1", "2", "3"]
    assert ids(run(helpdesk.find(TicketSearch(queue=INBOX)))) == ["1", "2", "3"]
    page = TicketSearch(queue=INBOX, limit=1, offset=1)
    assert ids(run(helpdesk.find(page))) == ["2"]


def test_find_by_age(helpdesk: SqliteTicketSystem) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    assert ids(run(helpdesk.find(TicketSearch(created_before=yesterday)))) == ["4"]


def test_find_leaves_out_closed_tickets_unless_asked(
    helpdesk: SqliteTicketSystem,
) -> None:
    closed = Named(name="closed successful")
    run(helpdesk.update("1", TicketChanges(state=closed)))
    assert ids(run(helpdesk.find(TicketSearch(queue=INBOX)))) == ["2", "3"]
    assert ids(run(helpdesk.find(TicketSearch(state=closed)))) == ["1"]


def test_get(helpdesk: SqliteTicketSystem) -> None:
    ticket = run(helpdesk.get("4"))
    assert ticket.model_dump(exclude={"created"}) == {
        "id": "4",
        "subject": "Screen",
        "body": "It flickers.",
        "queue": {"id": "3", "name": "IT"},
        "priority": {"id": "3", "name": "3 normal"},
        "state": {"id": "1", "name": "new"},
        "customer": "eva@example.com",
        "notes": (),
    }
    age = datetime.now(UTC) - ticket.created
    assert timedelta(days=3) <= age < timedelta(days=3, minutes=1)


def test_update_changes_only_what_is_given(helpdesk: SqliteTicketSystem) -> None:
    before = run(helpdesk.get("1"))
    changes = TicketChanges(
        subject="New",
        customer="me",
        queue=Named(id="2"),
        priority=Named(name="4 high"),
        state=Named(name="open"),
    )
    assert run(helpdesk.update("1", changes)) is True
    after = run(helpdesk.get("1"))
    assert (after.subject, after.customer) == ("New", "me")
    assert after.queue == Named(id="2", name="Billing")
    assert after.priority == Named(id="4", name="4 high")
    assert after.state == Named(id="2", name="open")
    assert (after.body, after.created) == (before.body, before.created)
    assert run(helpdesk.get("2")).subject == "Password"


def test_notes_are_internal_unless_said_otherwise(helpdesk: SqliteTicketSystem) -> None:
    run(helpdesk.update("1", TicketChanges(), Note(body="one")))
    run(helpdesk.update("1", TicketChanges(), Note(body="two", internal=False)))
    notes = run(helpdesk.get("1")).notes
    assert notes == (
        Note(subject="", body="one", internal=True),
        Note(subject="", body="two", internal=False),
    )
    assert run(helpdesk.find(TicketSearch(queue=INBOX)))[0].notes == notes


def test_a_key_is_applied_once_to_each_ticket(helpdesk: SqliteTicketSystem) -> None:
    async def note(ticket_id: str, key: str) -> bool:
        changes = TicketChanges(priority=Named(name="4 high"))
        return await helpdesk.update(ticket_id, changes, Note(body="x"), key=key)

    assert [run(note("1", "a")), run(note("1", "a")), run(note("1", "b"))] == [
        True,
        False,
        True,
    ]
    assert run(note("2", "a")) is True
    assert len(run(helpdesk.get("1")).notes) == 2


def test_an_update_is_all_or_nothing(helpdesk: SqliteTicketSystem) -> None:
    changes = TicketChanges(subject="New", queue=Named(name="Bilingl"))
    assert refused(helpdesk.update("1", changes, Note(body="x"), key="k")) == (
        "there is no queue `Bilingl` (did you mean `Billing`?)"
    )
    ticket = run(helpdesk.get("1"))
    assert (ticket.subject, ticket.notes) == ("Invoice", ())
    # The key is not used up either.
    assert run(helpdesk.update("1", TicketChanges(), key="k")) is True


def test_create(helpdesk: SqliteTicketSystem) -> None:
    ticket = run(helpdesk.create(NewTicket(subject="Hi", queue=INBOX)))
    assert (ticket.id, ticket.priority.name, ticket.state.name) == (
        "5",
        "3 normal",
        "new",
    )
    assert datetime.now(UTC) - ticket.created < timedelta(minutes=1)
    other = NewTicket(
        subject="Hi",
        body="text",
        queue=Named(name="Legal"),
        priority=Named(name="5 very high"),
        state=Named(name="open"),
        customer="me",
    )
    assert run(helpdesk.create(other)).queue == Named(id="4", name="Legal")
    assert [queue.name for queue in run(helpdesk.list_queues())][-1] == "Legal"


@pytest.mark.parametrize(
    ("queue", "message"),
    [
        (Named(name="inbx"), "there is no queue `inbx` (did you mean `inbox`?)"),
        (
            Named(name="\n" * 99),
            "there is no queue `" + "\N{REPLACEMENT CHARACTER}" * 59,
        ),
        (Named(id="77"), "there is no queue with the id `77`"),
        (Named(id="1 OR 1=1"), "there is no queue with the id `1 OR 1=1`"),
        (Named(), "a queue needs an `id` or a `name`"),
    ],
)
def test_a_queue_that_is_not_there(
    helpdesk: SqliteTicketSystem, queue: Named, message: str
) -> None:
    assert refused(helpdesk.find(TicketSearch(queue=queue))).startswith(message)


@pytest.mark.parametrize("ticket_id", ["99", "", "x", "-1", "1.0", "٣", "9" * 30])
def test_a_ticket_that_is_not_there(
    helpdesk: SqliteTicketSystem, ticket_id: str
) -> None:
    message = f"there is no ticket `{ticket_id}`"
    assert refused(helpdesk.get(ticket_id)) == message
    assert refused(helpdesk.update(ticket_id, TicketChanges())) == message


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE tickets; --",
        '"""',
        "{{ 7 * 7 }}",
        "\\",
        "a\x00b",
        "\r\n\t",
        "\u202eright to left",
        "😀" * 1000,
        "x" * 1_000_000,
        "%s %d {0}",
        "NULL",
        "",
    ],
)
def test_any_text_in_any_field_comes_back_the_same(
    helpdesk: SqliteTicketSystem, text: str
) -> None:
    new = NewTicket(
        subject=text,
        body=text,
        customer=text,
        queue=Named(name=text) if text else INBOX,
    )
    ticket = run(helpdesk.create(new))
    note = Note(subject=text, body=text)
    run(helpdesk.update(ticket.id, TicketChanges(subject=text), note, key=text))
    assert run(helpdesk.update(ticket.id, TicketChanges(), note, key=text)) is False
    ticket = run(helpdesk.get(ticket.id))
    assert (ticket.subject, ticket.body, ticket.customer) == (text, text, text)
    assert ticket.queue.name == (text or "inbox")
    assert ticket.notes == (note,)


def test_half_a_character(helpdesk: SqliteTicketSystem, tmp_path: Path) -> None:
    message = (
        f"the ticket store `{tmp_path / 'helpdesk.db'}` cannot hold half a character"
        " (a lone surrogate)"
    )
    assert refused(helpdesk.update("1", TicketChanges(subject="\ud800"))) == message
    assert run(helpdesk.get("1")).subject == "Invoice"


def test_a_second_instance_sees_the_same_tickets(
    helpdesk: SqliteTicketSystem, tmp_path: Path
) -> None:
    run(helpdesk.update("1", TicketChanges(subject="New")))
    again = SqliteTicketSystem(path=str(tmp_path / "helpdesk.db"))
    assert run(again.get("1")).subject == "New"
    connection = sqlite3.connect(tmp_path / "helpdesk.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_closed_store_lets_go_of_its_file(
    helpdesk: SqliteTicketSystem, tmp_path: Path
) -> None:
    run(helpdesk.aclose())
    run(helpdesk.update("1", TicketChanges(subject="New")))
    assert (tmp_path / "helpdesk.db-wal").exists()
    run(helpdesk.aclose())
    # What was written is in the file itself, and the log is gone.
    assert not (tmp_path / "helpdesk.db-wal").exists()
    assert run(helpdesk.get("1")).subject == "New"


def test_the_seed_is_read_only_when_the_file_is_created(
    helpdesk: SqliteTicketSystem, tmp_path: Path
) -> None:
    run(helpdesk.list_queues())
    (tmp_path / "helpdesk.yml").write_text("not: [a, seed", encoding="utf-8")
    again = SqliteTicketSystem(path=str(tmp_path / "helpdesk.db"), seed="gone.yml")
    assert len(run(again.list_queues())) == 3


def test_a_store_without_a_seed_is_empty(tmp_path: Path) -> None:
    system = SqliteTicketSystem(path=str(tmp_path / "new.db"))
    assert run(system.list_queues()) == []
    # No name is wrong in a store that nobody has filled yet.
    assert run(system.find(TicketSearch(queue=INBOX))) == []


def test_relative_paths_are_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.csv").write_text("queue,subject\ninbox,Hi\n", encoding="utf-8")
    assert ids(run(SqliteTicketSystem(path="desk.db").find(TicketSearch()))) == ["1"]
    assert (tmp_path / "desk.db").is_file()


def test_a_bad_seed_leaves_no_half_made_store(
    store: Callable[[str], SqliteTicketSystem],
) -> None:
    broken = store("tickets: 3")
    assert refused(broken.list_queues()).endswith("`tickets` is not a list")
    assert ids(run(store("tickets: [{queue: a, subject: b}]").find(TicketSearch())))


def test_a_missing_seed(tmp_path: Path) -> None:
    system = SqliteTicketSystem(
        path=str(tmp_path / "a.db"), seed=str(tmp_path / "b.yml")
    )
    assert refused(system.list_queues()) == (
        f"the seed `{tmp_path / 'b.yml'}` cannot be read: No such file or directory"
    )


def test_a_missing_folder(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "helpdesk.db"
    assert refused(SqliteTicketSystem(path=str(path)).list_queues()) == (
        f"the ticket store `{path}` cannot be used: unable to open database file"
    )


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "helpdesk.db"
    path.write_bytes(b"This is a letter to my aunt. " * 100)
    assert refused(SqliteTicketSystem(path=str(path)).list_queues()) == (
        f"the ticket store `{path}` cannot be used: file is not a database"
    )


def test_a_corrupt_database(helpdesk: SqliteTicketSystem, tmp_path: Path) -> None:
    path = tmp_path / "helpdesk.db"
    run(helpdesk.list_queues())
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = path.read_bytes()
    broken = tmp_path / "broken.db"
    broken.write_bytes(data[:4096] + os.urandom(len(data) - 4096))
    message = refused(SqliteTicketSystem(path=str(broken)).find(TicketSearch()))
    assert message == (
        f"the ticket store `{broken}` cannot be used: database disk image is malformed"
    )


def test_the_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "helpdesk.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url)")
    connection.close()
    assert refused(SqliteTicketSystem(path=str(path)).list_queues()) == (
        f"`{path}` is the database of another program"
    )


def _fill(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE filled (id)")


@pytest.mark.parametrize("after", range(6))
def test_a_store_that_another_makes_meanwhile(tmp_path: Path, after: int) -> None:
    path = str(tmp_path / "helpdesk.db")
    layout = DatabaseLayout("store", 4711, 1, lambda: _fill)
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    other.execute("PRAGMA journal_mode = WAL")
    asked = 0

    def make_it(_statement: str) -> None:
        nonlocal asked
        asked += 1
        if asked == after:
            other.execute("BEGIN IMMEDIATE")
            layout.make(other, _fill)
            other.execute("COMMIT")

    with closing(sqlite3.connect(path)) as connection, closing(other):
        connection.set_trace_callback(make_it)
        # It is ready or not yet, and never that of another program.
        if not layout.is_ready(connection, path):
            connection.set_trace_callback(None)
            assert layout.is_ready(connection, path) is (1 <= after <= asked)


def test_a_store_of_a_later_format(
    helpdesk: SqliteTicketSystem, tmp_path: Path
) -> None:
    run(helpdesk.list_queues())
    path = tmp_path / "helpdesk.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    assert refused(SqliteTicketSystem(path=str(path)).list_queues()) == (
        f"`{path}` has format 7, and this otac knows format 1"
    )


def _write_as_nobody(path: str) -> str:
    # What asyncio imports late may not be readable for others.
    run(asyncio.to_thread(int))
    if os.geteuid() == 0:
        os.setuid(65534)
    return refused(
        SqliteTicketSystem(path=path).update("1", TicketChanges(subject="x"))
    )


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_file_that_must_not_be_written() -> None:
    # Not in pytest's own folder, which other users cannot enter.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "helpdesk.csv").write_text("queue,subject\na,b\n", encoding="utf-8")
        path = folder / "helpdesk.db"
        run(SqliteTicketSystem(path=str(path)).list_queues())
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.close()
        path.chmod(0o444)
        folder.chmod(0o555)
        context = multiprocessing.get_context("spawn")
        try:
            with context.Pool(1) as pool:
                message = pool.apply(_write_as_nobody, (str(path),))
        finally:
            folder.chmod(0o755)
    assert message == (
        f"the ticket store `{path}` cannot be used: attempt to write a readonly database"
    )


def test_a_file_that_somebody_keeps_locked(
    helpdesk: SqliteTicketSystem, tmp_path: Path
) -> None:
    path = tmp_path / "helpdesk.db"
    run(helpdesk.list_queues())
    impatient = SqliteTicketSystem(path=str(path), busy_seconds=0.1)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    # Reading goes on meanwhile.
    assert len(run(impatient.find(TicketSearch()))) == 4
    message = re.escape(f"another process kept `{path}` locked for 0.1 s")
    # Worth a further attempt, so it is no `Fail`.
    with pytest.raises(TimeoutError, match=message):
        run(impatient.update("1", TicketChanges(subject="x")))
    blocker.execute("ROLLBACK")
    blocker.close()
    assert run(impatient.update("1", TicketChanges(subject="x"))) is True


def test_threads_share_one_instance(helpdesk: SqliteTicketSystem) -> None:
    async def write_all() -> list[bool]:
        return await asyncio.gather(
            *(
                helpdesk.update(
                    "1", TicketChanges(), Note(body=str(n)), key=str(n % 25)
                )
                for n in range(50)
            )
        )

    assert sum(run(write_all())) == 25
    assert len(run(helpdesk.get("1")).notes) == 25


def test_an_event_loop_is_never_blocked(
    helpdesk: SqliteTicketSystem, tmp_path: Path
) -> None:
    run(helpdesk.list_queues())
    blocker = sqlite3.connect(
        tmp_path / "helpdesk.db", isolation_level=None, check_same_thread=False
    )
    blocker.execute("BEGIN IMMEDIATE")

    async def write_while_locked() -> float:
        writing = asyncio.create_task(helpdesk.update("1", TicketChanges(subject="x")))
        start = time.monotonic()
        await asyncio.sleep(0.05)
        slept = time.monotonic() - start
        assert not writing.done()
        blocker.execute("ROLLBACK")
        await writing
        return slept

    assert run(write_while_locked()) < 1
    blocker.close()


def test_ids_and_several_at_once(helpdesk: SqliteTicketSystem) -> None:
    inbox = TicketSearch(queue=Named(name="inbox"), limit=1)
    assert asyncio.run(helpdesk.find_ids(inbox)) == ["1", "2", "3"]
    asyncio.run(helpdesk.update("2", TicketChanges(), Note(body="a"), key="k"))
    tickets = asyncio.run(helpdesk.get_many(["3", "2", "99"]))
    assert [(one.id, one.applied) for one in tickets] == [("2", {"k"}), ("3", set())]
    assert asyncio.run(helpdesk.get("2")) == tickets[0]
