"""The small pipes, called as a run calls them, on a real store."""

import asyncio
from typing import Any

import pytest

from otac.components import (
    AddNote,
    Classify,
    CreateTicket,
    EmbeddingClassifier,
    Expression,
    Fail,
    FetchTickets,
    KeywordClassifier,
    Note,
    SqliteTicketSystem,
    UpdateTicket,
    invoke,
)


def call(component: Any, **arguments: object) -> dict[str, Any]:
    return asyncio.run(invoke(component, arguments))


def test_fetch_tickets_gives_plain_data(helpdesk: SqliteTicketSystem) -> None:
    result = call(
        FetchTickets,
        ticket_search_criteria={"queue": {"name": "inbox"}, "limit": "1"},
        ticket_system=helpdesk,
    )
    (ticket,) = result["fetched_tickets"]
    created = ticket.pop("created")
    assert created.endswith("Z")
    assert ticket == {
        "id": "1",
        "subject": "Invoice",
        "body": "Please correct the invoice.",
        "queue": {"id": "1", "name": "inbox"},
        "priority": {"id": "3", "name": "3 normal"},
        "state": {"id": "1", "name": "new"},
        "customer": "",
        "notes": [],
    }


def test_fetching_nothing_is_no_error(helpdesk: SqliteTicketSystem) -> None:
    criteria = {"queue": {"name": "Billing"}}
    assert call(
        FetchTickets, ticket_search_criteria=criteria, ticket_system=helpdesk
    ) == {"fetched_tickets": []}


def test_classify() -> None:
    words = KeywordClassifier({"IT": ["vpn"], "HR": ["vacation"]}, word_precision=0.8)
    assert call(Classify, text="VPN", classification_service=words) == {
        "label": "IT",
        "confidence": 0.8,
        "scores": {"IT": 0.8, "HR": 0.0},
        "reason": None,
        "target": "IT",
    }
    result = call(
        Classify,
        text="my vacation days",
        labels={"IT": "computers", "HR": "vacation"},
        model_name="any",
        classification_service=EmbeddingClassifier(),
    )
    assert result["label"] == "HR"


@pytest.mark.parametrize(
    ("rules", "least", "target"),
    [
        ({"I*": "Support", "*": "Others"}, None, "Support"),
        ({"H*": "People"}, None, None),
        ({"*": "Others"}, 0.9, None),
        (None, 0.9, None),
        (None, 0.8, "IT"),
    ],
)
def test_a_label_is_mapped(
    rules: dict[str, str] | None, least: float | None, target: str | None
) -> None:
    words = KeywordClassifier({"IT": ["vpn"], "HR": ["vacation"]}, word_precision=0.8)
    result = call(
        Classify,
        text="VPN",
        classification_service=words,
        label_map=rules,
        min_confidence=least,
    )
    assert (result["label"], result["target"]) == ("IT", target)


@pytest.mark.parametrize("value", ["12", 12, None, ["a"], {"a": 1}, True])
def test_an_expression_keeps_its_type(value: object) -> None:
    assert call(Expression, expression=value) == {"value": value}


def test_update_ticket(helpdesk: SqliteTicketSystem) -> None:
    result = call(
        UpdateTicket,
        ticket_id=1,
        updated_ticket={"queue": {"name": "IT"}, "priority": {"id": 5}},
        ticket_system=helpdesk,
    )
    assert result == {"ticket_id": "1"}
    ticket = asyncio.run(helpdesk.get("1"))
    assert (ticket.queue.name, ticket.priority.name) == ("IT", "5 very high")


def test_update_ticket_fails_finally_on_a_wrong_name(
    helpdesk: SqliteTicketSystem,
) -> None:
    with pytest.raises(Fail, match=r"^there is no state `closd`$"):
        call(
            UpdateTicket,
            ticket_id="1",
            updated_ticket={"state": {"name": "closd"}},
            ticket_system=helpdesk,
        )


@pytest.mark.parametrize(
    ("note", "added"),
    [
        ("text", Note(subject="", body="text", internal=True)),
        (
            {"subject": "s", "body": "b", "internal": False},
            Note(subject="s", body="b", internal=False),
        ),
    ],
)
def test_add_note(helpdesk: SqliteTicketSystem, note: object, added: Note) -> None:
    result = call(AddNote, ticket_id="1", note=note, ticket_system=helpdesk)
    assert result == {"added": True}
    assert asyncio.run(helpdesk.get("1")).notes == (added,)


def test_a_note_with_a_key_is_added_once(helpdesk: SqliteTicketSystem) -> None:
    results = [
        call(AddNote, ticket_id="1", note="x", key="k", ticket_system=helpdesk)
        for _ in range(2)
    ]
    assert results == [{"added": True}, {"added": False}]
    assert len(asyncio.run(helpdesk.get("1")).notes) == 1


def test_create_ticket(helpdesk: SqliteTicketSystem) -> None:
    result = call(
        CreateTicket,
        new_ticket={"subject": "Hi", "queue": {"name": "inbox"}, "customer": "me"},
        ticket_system=helpdesk,
    )
    assert result == {"created_ticket_id": "5"}
    assert asyncio.run(helpdesk.get("5")).customer == "me"


def test_a_service_of_the_wrong_kind(helpdesk: SqliteTicketSystem) -> None:
    with pytest.raises(Fail) as caught:
        call(Classify, text="x", classification_service=helpdesk)
    assert str(caught.value) == (
        "`Classify` needs `Classifier` as `classification_service`,"
        " not `SqliteTicketSystem`"
    )
