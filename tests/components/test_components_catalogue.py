"""`schemas/components.json`, which tells the compiler what components take."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from service_slot import slot

from otac.components import (
    AddNote,
    CheckEscalations,
    ClaimingTicketSystem,
    Classify,
    CreateTicket,
    Expression,
    FetchTickets,
    KeywordClassifier,
    Notifier,
    ProcessTickets,
    SqliteTicketSystem,
    TicketSystem,
    UpdateTicket,
    invoke,
)
from otac.components.catalogue import catalogue, render

FILE = Path(__file__).parents[2] / "schemas" / "components.json"


def test_the_file_is_up_to_date() -> None:
    # `python -m otac.components.catalogue` writes it.
    assert FILE.read_text(encoding="utf-8") == render()


def test_it_lists_the_components_by_kind() -> None:
    kinds = {name: entry["kind"] for name, entry in catalogue().items()}
    assert kinds == {
        "AddNote": "pipe",
        "CheckEscalations": "pipe",
        "Classify": "pipe",
        "CreateTicket": "pipe",
        "EmbeddingClassifier": "classifier",
        "Expression": "pipe",
        "FetchTickets": "pipe",
        "HuggingFaceClassifier": "classifier",
        "KeywordClassifier": "classifier",
        "LLMClassifier": "classifier",
        "OTOBOZnunyTicketSystem": "ticket_system",
        "ProcessTickets": "pipe",
        "SqliteTicketSystem": "ticket_system",
        "TrainedClassifier": "classifier",
        "UpdateTicket": "pipe",
    }


def test_an_entry() -> None:
    assert catalogue()["FetchTickets"] == {
        "kind": "pipe",
        "module": "otac.components",
        "description": "Reads the tickets that match, oldest first.",
        "parameters": {
            "$defs": catalogue()["FetchTickets"]["parameters"]["$defs"],
            "additionalProperties": False,
            "properties": {
                "ticket_search_criteria": {
                    "$ref": "#/$defs/TicketSearch",
                    "description": "Which tickets to read",
                },
                "set_aside_after": catalogue()["FetchTickets"]["parameters"][
                    "properties"
                ]["set_aside_after"],
            },
            "required": ["ticket_search_criteria"],
            "type": "object",
        },
        "services": {"ticket_system": slot("ticket_system", TicketSystem)},
        "results": catalogue()["FetchTickets"]["results"],
        "network": False,
        "stops": False,
    }
    assert catalogue()["CheckEscalations"]["services"] == {
        "ticket_system": slot("ticket_system", ClaimingTicketSystem),
        "notifier": slot("notifier", Notifier, required=False),
    }


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        for name, member in schema.get("properties", {}).items():
            yield f"{path}.{name}", member
        for key, member in schema.items():
            yield from properties(member, f"{path}.{key}")
    elif isinstance(schema, list):
        for member in schema:
            yield from properties(member, path)


def test_every_component_parameter_and_result_is_described() -> None:
    for name, entry in catalogue().items():
        assert entry["description"], name
        for path, member in (entry["results"] or {}).get("properties", {}).items():
            assert member["description"] or path == "value", (name, path)
        for path, member in properties(entry["parameters"], name):
            assert member.get("description"), path


def test_unknown_parameters_are_refused_everywhere() -> None:
    def objects(schema: Any) -> Iterator[dict[str, Any]]:
        if isinstance(schema, dict):
            if "properties" in schema and isinstance(schema.get("type"), str):
                yield schema
            for member in schema.values():
                yield from objects(member)

    found = [
        it for entry in catalogue().values() for it in objects(entry["parameters"])
    ]
    assert len(found) > 15
    assert all(it["additionalProperties"] is False for it in found)


def test_the_schemas_are_json_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    for entry in json.loads(FILE.read_text(encoding="utf-8")).values():
        jsonschema.Draft202012Validator.check_schema(entry["parameters"])
        assert (entry["results"] is None) == (entry["kind"] != "pipe")
        if entry["results"] is not None:
            jsonschema.Draft202012Validator.check_schema(entry["results"])


def test_results_are_described_down_to_a_ticket() -> None:
    results = catalogue()["FetchTickets"]["results"]
    assert results["properties"] == {
        "fetched_tickets": {
            "description": "The tickets, oldest first",
            "items": {"$ref": "#/$defs/Ticket"},
            "type": "array",
        }
    }
    ticket = results["$defs"]["Ticket"]
    assert ticket["properties"].keys() == {
        *("id", "subject", "body", "queue", "priority", "state"),
        *("customer", "created", "notes"),
    }
    assert ticket["properties"]["created"] == {"format": "date-time", "type": "string"}
    assert ticket["properties"]["queue"] == {"$ref": "#/$defs/Named"}
    assert (
        catalogue()["Expression"]["results"]["properties"]["value"].get("type") is None
    )


def test_results_have_the_shape_that_is_described(helpdesk: SqliteTicketSystem) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    calls: list[tuple[type, dict[str, object]]] = [
        (FetchTickets, {"ticket_search_criteria": {}}),
        (CreateTicket, {"new_ticket": {"subject": "x", "queue": {"name": "IT"}}}),
        (UpdateTicket, {"ticket_id": 1, "updated_ticket": {"subject": "y"}}),
        (AddNote, {"ticket_id": 1, "note": "x"}),
        (CheckEscalations, {}),
        (ProcessTickets, {"queue": "inbox"}),
        (Classify, {"text": "invoice"}),
        (Expression, {"expression": [1, None]}),
    ]
    words = KeywordClassifier({"Billing": ["invoice"]})
    for pipe, arguments in calls:
        entry = catalogue()[pipe.__name__]
        services = {"ticket_system": helpdesk, "classification_service": words}
        given = {name: services[name] for name in entry["services"] if name in services}
        result = asyncio.run(invoke(pipe, arguments | given))
        jsonschema.Draft202012Validator(entry["results"]).validate(result)


@pytest.mark.parametrize(
    ("name", "parameters", "fits"),
    [
        ("ProcessTickets", {"queue": "my-queue"}, True),
        ("ProcessTickets", {"queue": "my-queue", "priorities": {}}, True),
        ("ProcessTickets", {"queue": "my-queue", "queues": None}, True),
        ("ProcessTickets", {}, False),
        ("ProcessTickets", {"queue": "my-queue", "min_confidence": 2}, False),
        ("CheckEscalations", {}, True),
        ("CheckEscalations", {"max_age_hours_by_priority": {"4 high": 0}}, False),
        ("AddNote", {"ticket_id": 3, "note": "text"}, True),
        ("AddNote", {"ticket_id": "3", "note": {"body": "x", "internal": False}}, True),
        ("AddNote", {"ticket_id": "3", "note": {"subject": "x"}}, False),
        (
            "UpdateTicket",
            {"ticket_id": 1, "updated_ticket": {"queue": {"id": 1}}},
            True,
        ),
        ("UpdateTicket", {"ticket_id": 1, "updated_ticket": {"que": 1}}, False),
        ("FetchTickets", {"ticket_search_criteria": {"limit": 0}}, False),
        ("SqliteTicketSystem", {"path": "helpdesk.db"}, True),
        ("HuggingFaceClassifier", {"model_name": "a/b", "device": "mps"}, True),
        ("HuggingFaceClassifier", {"device": "gpu"}, False),
        ("KeywordClassifier", {"labels": {"a": ["b"]}}, True),
        ("KeywordClassifier", {"labels": {"a": "b"}}, False),
    ],
)
def test_what_fits_and_what_does_not(
    name: str, parameters: dict[str, object], fits: bool
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(catalogue()[name]["parameters"])
    assert validator.is_valid(parameters) is fits
