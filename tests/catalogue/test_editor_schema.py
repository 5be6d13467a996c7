"""`otac schema`: what an editor accepts and refuses, by the jsonschema library."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from otac.catalogue import built_in_entries, encode_record
from otac.catalogue.editor_schema import as_text, editor_schema
from otac.catalogue.record import decode_record
from otac.config.schema import configuration_schema
from otac.source import read
from otac.source.document import Document

jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "tests" / "cases" / "a-plugin-is-known-from-its-record"
SCHEMA = editor_schema(
    configuration_schema(),
    decode_record((RECORD / "otac.components.json").read_bytes()),
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def problems(pipe: str, services: str = "{}") -> list[str]:
    """Where a configuration with this step and these services does not fit."""
    document = yaml.safe_load(
        f"services: {services}\n"
        f"orchestrator: {{runners: [{{pipe_id: a, pipe: {pipe}}}]}}"
    )
    return [error.json_path for error in VALIDATOR.iter_errors(document)]


def test_it_is_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(as_text(SCHEMA)) == SCHEMA


def test_every_reference_leads_somewhere() -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, list):
            return [r for item in value for r in references(item)]
        if not isinstance(value, dict):
            return []
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [r for item in value.values() for r in references(item)]

    found = set(references(SCHEMA))
    assert {name.removeprefix("#/$defs/") for name in found} <= SCHEMA["$defs"].keys()
    assert "#/$defs/FetchTickets.TicketSearch" in found


@pytest.mark.parametrize(
    "pipe",
    [
        "{use: ProcessTickets, queue: inbox}",
        "{use: ProcessTickets, params: {queue: inbox, limit: 3}}",
        "{use: ProcessTickets, queue: inbox, limit: '{{ params.limit }}'}",
        "{use: ProcessTickets, queue: inbox, limit: '3', retries: 2, timeout_seconds: 5}",
        "{use: FetchTickets, ticket_search_criteria: {queue: {name: a}, limit: 3}}",
        "{use: FetchTickets, ticket_search_criteria: '{{ params.search }}'}",
        "{use: FetchTickets, ticket_search_criteria: {limit: '{{ params.n }}'}}",
        "{use: FetchTickets, ticket_search_criteria: {queue: '{{ params.q }}'}}",
        "{use: FetchTickets, ticket_search_criteria: {}, injects: {ticket_system: a}}",
        "{use: Classify, text: x, labels: {a: b}}",
        "{use: Expression, expression: [1, {a: b}]}",
        "{use: 'acme:Greet', name: Eva, tone: loud}",
        "{use: 'acme:Greet', name: Eva, tone: \"{{ 'loud' }}\"}",
        "{use: 'acme.pipes:Anything', whatever: 3}",
        "{use: AnAlias, whatever: 3}",
        "{use: Composite, limit: 5, steps: [{use: Expression, expression: 1}]}",
        "{steps: [{use: 'acme:Greet', name: Eva}]}",
    ],
)
def test_what_fits(pipe: str) -> None:
    assert problems(pipe) == []


@pytest.mark.parametrize(
    ("pipe", "place"),
    [
        ("{use: ProcessTickets}", "pipe"),
        ("{use: ProcessTickets, queeu: inbox, queue: inbox}", "pipe"),
        ("{use: ProcessTickets, params: {queeu: inbox, queue: inbox}}", "pipe.params"),
        ("{use: ProcessTickets, queue: inbox, limit: many}", "pipe.limit"),
        ("{use: ProcessTickets, queue: inbox, limit: 0}", "pipe.limit"),
        ("{use: ProcessTickets, queue: [inbox]}", "pipe.queue"),
        (
            "{use: FetchTickets, ticket_search_criteria: {limt: 3}}",
            "pipe.ticket_search_criteria",
        ),
        (
            "{use: FetchTickets, ticket_search_criteria: x}",
            "pipe.ticket_search_criteria",
        ),
        ("{use: 'acme:Greet', name: Eva, tone: rude}", "pipe.tone"),
        ("{use: 'acme:Greet', nmae: Eva}", "pipe"),
        ("{steps: [{use: 'acme:Greet', name: [Eva]}]}", "pipe.steps[0].name"),
    ],
)
def test_what_does_not_fit(pipe: str, place: str) -> None:
    assert f"$.orchestrator.runners[0].{place}" in problems(pipe)


def test_services() -> None:
    step = "{use: CheckEscalations}"
    assert problems(step, "{a: {use: SqliteTicketSystem, path: helpdesk.db}}") == []
    assert problems(step, "{a: {use: SqliteTicketSystem}}") != []
    assert problems(step, "{a: {use: 'acme:WordCounter', words: {IT: vpn}}}") == []
    assert problems(step, "{a: {use: 'acme:WordCounter', words: 3}}") != []
    assert problems(step, "[{id: a, use: KeywordClassifier, labels: {b: [c]}}]") == []
    assert problems(step, "[{id: a, use: KeywordClassifier, labels: {b: c}}]") != []


CONFIGURATIONS = [
    ROOT / "config.yml",
    *sorted((ROOT / "examples").rglob("config.yml")),
    ROOT / "tests" / "local" / "config.yml",
    RECORD / "config.yml",
]


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: str(path.parent.name))
def test_what_compiles_fits(path: Path) -> None:
    document = read("config.yml", path.read_bytes())
    assert isinstance(document, Document)
    assert list(VALIDATOR.iter_errors(document.root.plain())) == []


def test_an_editor_finds_names_and_descriptions_to_complete() -> None:
    step = SCHEMA["$defs"]["step"]
    names = {
        each.get("const"): each.get("description")
        for each in step["properties"]["use"]["anyOf"]
    }
    assert names["FetchTickets"] == built_in_entries()["FetchTickets"]["description"]
    assert {"Composite", "acme:Greet"} <= names.keys()
    assert "SqliteTicketSystem" not in names
    greet = SCHEMA["$defs"]["step:acme:Greet"]["properties"]
    assert greet["name"] == {"description": "Whom to greet", "type": "string"}
    assert greet["tone"]["default"] == "kind"


def test_odd_names_and_schemas() -> None:
    entry = {
        "kind": "pipe",
        "module": "a",
        "name": "B",
        "description": "",
        "parameters": {
            "$defs": {
                "T": {
                    "type": "array",
                    "items": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/T"}]},
                }
            },
            "properties": {"t": {"$ref": "#/$defs/T"}, "any": {}},
        },
        "services": {},
        "results": None,
        "network": False,
        "plugin": "x",
    }
    record = decode_record(encode_record({}, {"a/b~c:B": entry}).encode())
    schema = editor_schema(configuration_schema(), record)
    validator = jsonschema.Draft202012Validator(schema)
    document = {
        "orchestrator": {
            "runners": [
                {
                    "pipe_id": "a",
                    "pipe": {"use": "a/b~c:B", "t": ["x", ["y"]], "other": 1},
                }
            ]
        }
    }
    assert validator.is_valid(document)
    document["orchestrator"]["runners"][0]["pipe"]["t"] = [3]  # type: ignore[index]
    assert not validator.is_valid(document)
