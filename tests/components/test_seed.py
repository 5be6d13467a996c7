"""Seeds, good and bad."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from otac.components import Fail, Note, SqliteTicketSystem, TicketSearch
from otac.components.sqlite.seed import read_seed


def refusal(tmp_path: Path, text: str, name: str = "seed.yml") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Fail) as caught:
        read_seed(path)
    message = str(caught.value)
    start = f"the seed `{path}`: "
    assert message.startswith(start)
    assert "\n" not in message
    return message.removeprefix(start)


def test_everything_a_yaml_seed_can_hold(
    store: Callable[[str], SqliteTicketSystem],
) -> None:
    system = store(
        """
queues: {inbox: Where tickets arrive, Billing: invoices}
priorities: [low, medium, high]
tickets:
  - queue: inbox
    subject: 4711
    body: text
    priority: high
    state: open
    customer: me
    created: 2026-01-02T03:04:05+01:00
    notes: [{body: one}, {subject: s, body: two, internal: false}]
  - {queue: Billing, subject: Hi, created: 2026-01-02T03:04:05}
"""
    )
    first = asyncio.run(system.get("1"))
    assert (first.subject, first.body, first.customer) == ("4711", "text", "me")
    assert (first.priority.name, first.state.name) == ("high", "open")
    assert first.created == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert first.notes == (
        Note(body="one"),
        Note(subject="s", body="two", internal=False),
    )
    second = asyncio.run(system.get("2"))
    assert (second.priority.name, second.state.name) == ("medium", "new")
    assert second.created == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    queues = asyncio.run(system.list_queues())
    assert [(q.id, q.name, q.description) for q in queues] == [
        ("1", "inbox", "Where tickets arrive"),
        ("2", "Billing", "invoices"),
    ]


@pytest.mark.parametrize(
    ("age", "hours"),
    [("90m", 1.5), ("30h", 30), ("2d", 48), ("1w", 168), ("1.5h", 1.5)],
)
def test_ages_count_back_from_now(
    store: Callable[[str], SqliteTicketSystem], age: str, hours: float
) -> None:
    system = store(f"tickets: [{{queue: a, subject: b, age: {age}}}]")
    ticket = asyncio.run(system.get("1"))
    passed = (datetime.now(UTC) - ticket.created).total_seconds() / 3600
    assert passed == pytest.approx(hours, abs=0.02)


@pytest.mark.parametrize(
    "text",
    [
        'queue,subject,body,age\ninbox,"A, b","two\nlines",3h\nIT,C,,\n',
        '\ufeffqueue;subject;body;age\r\ninbox;A, b;"two\r\nlines";3h\r\nIT;C;;\r\n',
    ],
)
def test_a_csv_seed(tmp_path: Path, text: str) -> None:
    (tmp_path / "helpdesk.csv").write_text(text, encoding="utf-8", newline="")
    system = SqliteTicketSystem(path=str(tmp_path / "helpdesk.db"))
    first, second = asyncio.run(system.find(TicketSearch()))
    assert (first.subject, first.queue.name) == ("A, b", "inbox")
    assert first.body.splitlines() == ["two", "lines"]
    assert (second.subject, second.queue.name, second.body) == ("C", "IT", "")
    assert [queue.name for queue in asyncio.run(system.list_queues())] == [
        "inbox",
        "IT",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is not a mapping with `queues` and `tickets`"),
        ("- a", "it is not a mapping with `queues` and `tickets`"),
        ("tickets: 3", "`tickets` is not a list"),
        ("queues: [a]", "needs `queues` to be a valid dictionary"),
        ("queus: {}", "has no parameter `queus`"),
        (
            "tickets:\n\t- a",
            "line 2: found character '\\t' that cannot start any token",
        ),
        ("a: *b", "line 1: found undefined alias 'b'"),
        ("queues:\n  a: x\n  a: y", "line 3: `a` is there twice"),
        (
            "tickets: [{queue: a}, {subject: b}, c]",
            (
                "ticket 1 needs `subject`; ticket 2 needs `queue`;"
                " ticket 3 is not a mapping"
            ),
        ),
        (
            "tickets: [{queue: a, subject: b, age: 30 hours}]",
            "ticket 1 needs `age` to be a duration such as `45m`, `30h`, `2d` or `1w`",
        ),
        (
            "tickets: [{queue: a, subject: b, age: 3h, created: 2026-01-01}]",
            "ticket 1 has both `age` and `created`",
        ),
        (
            "queues: {a: x}\ntickets: [{queue: b, subject: c, priority: top, state: gone}]",
            (
                "ticket 1 is in `b`, which is not in `queues`; ticket 1 has the unknown"
                " priority `top`; ticket 1 has the unknown state `gone`"
            ),
        ),
        (
            "tickets: [" + "{}," * 20 + "]",
            "; ".join(
                f"ticket {n} needs `queue`; ticket {n} needs `subject`"
                for n in range(1, 6)
            )
            + "; and 30 more",
        ),
        ("a: " + "[" * 2000, "it is nested too deeply"),
        (
            "a: !!python/object:os.system {}",
            (
                "line 1: could not determine a constructor"
                " for the tag 'tag:yaml.org,2002:python/object:os.system'"
            ),
        ),
    ],
)
def test_a_bad_yaml_seed(tmp_path: Path, text: str, message: str) -> None:
    assert refusal(tmp_path, text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("queue,subject\na,b,c\n", "line 2 has too many cells"),
        (
            "queue,subjct\na,b\n",
            "ticket 1 needs `subject`; ticket 1 has no parameter `subjct`",
        ),
        ("queue,subject\n,b\n", "ticket 1 needs `queue`"),
    ],
)
def test_a_bad_csv_seed(tmp_path: Path, text: str, message: str) -> None:
    assert refusal(tmp_path, text, "seed.csv") == message


def test_a_seed_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "seed.yml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Fail, match="is not UTF-8 text"):
        read_seed(path)


def test_tickets_may_have_ids(store: Callable[[str], SqliteTicketSystem]) -> None:
    system = store(
        "tickets:\n"
        "  - {queue: a, subject: first, id: 17}\n"
        "  - {queue: a, subject: second}\n"
    )
    found = asyncio.run(system.find(TicketSearch()))
    assert {ticket.id: ticket.subject for ticket in found} == {
        "17": "first",
        "18": "second",
    }


def test_two_tickets_with_one_id_are_refused(tmp_path: Path) -> None:
    text = "tickets:\n" + "  - {queue: a, subject: b, id: 17}\n" * 2
    assert refusal(tmp_path, text) == "ticket 2 has the id 17 of an earlier one"
