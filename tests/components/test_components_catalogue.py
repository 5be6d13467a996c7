"""`schemas/components.json`, which tells the compiler what components take."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
        "OTOBOZnunyTicketSystem": "ticket_system",
        "ProcessTickets": "pipe",
        "SqliteTicketSystem": "ticket_system",
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
                }
            },
            "required": ["ticket_search_criteria"],
            "type": "object",
        },
        "services": {"ticket_system": {"kind": "ticket_system", "required": True}},
        "results": {
            "$defs": catalogue()["FetchTickets"]["results"]["$defs"],
            "additionalProperties": False,
            "properties": {
                "fetched_tickets": {
                    "description": "The tickets, oldest first",
                    "items": {"$ref": "#/$defs/Ticket"},
                    "type": "array",
                }
            },
            "required": ["fetched_tickets"],
            "type": "object",
        },
        "network": False,
    }
    assert catalogue()["CheckEscalations"]["services"] == {
        "ticket_system": {"kind": "ticket_system", "required": True},
        "notifier": {"kind": "notifier", "required": False},
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
        for result, member in entry["results"].get("properties", {}).items():
            assert member.get("description"), (name, result)
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
        jsonschema.Draft202012Validator.check_schema(entry["results"])


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
