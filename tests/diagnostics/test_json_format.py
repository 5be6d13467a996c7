"""The format for programs, against the schema that they may rely on."""

import json

import jsonschema

from otac.diagnostics import json_format
from otac.diagnostics.diagnostic import Label, error, note
from otac.diagnostics.report import Report
from otac.source.document import Span
from otac.source.source_text import SourceText

POSITIONS = {
    name: {"type": ["integer", "null"], "minimum": 1}
    for name in ("line", "column", "end_line", "end_column")
}
TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
LABEL = {"message": TEXT, **POSITIONS}
DIAGNOSTIC = {
    "code": {"type": "string", "pattern": "^OTC[1-9][0-9]{2}$"},
    "severity": {"enum": ["error", "warning", "note"]},
    "message": TEXT,
    "file": TEXT_OR_NULL,
    **POSITIONS,
    "help": TEXT_OR_NULL,
    "suggestion": TEXT_OR_NULL,
    "labels": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": LABEL,
            "required": list(LABEL),
            "additionalProperties": False,
        },
    },
}
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": DIAGNOSTIC,
        "required": list(DIAGNOSTIC),
        "additionalProperties": False,
    },
}

REPORT = Report(
    SourceText("config.yml", "a: &a 😀x\nb: *a\nc:\n  d\n"),
    (
        error(
            "OTC301",
            "unknown `x`",
            Span(7, 8, Span(12, 14)),
            "label",
            help="did you mean `y`?",
            suggestion="y",
            labels=(Label(Span(0, 1), "the key"),),
        ),
        error("OTC302", "two lines", Span(15, 21)),
        error("OTC401", "edited", file="generated/a.py"),
        note("OTC501", "\x1b\ud800"),
    ),
)


def test_objects() -> None:
    nowhere = dict.fromkeys(("line", "column", "end_line", "end_column"))
    assert json.loads(json_format.render(REPORT)) == [
        {
            "code": "OTC301",
            "severity": "error",
            "message": "unknown `x`",
            "file": "config.yml",
            "line": 1,
            "column": 8,
            "end_line": 1,
            "end_column": 9,
            "help": "did you mean `y`?",
            "suggestion": "y",
            "labels": [
                {
                    "message": "the key",
                    "line": 1,
                    "column": 1,
                    "end_line": 1,
                    "end_column": 2,
                },
                {
                    "message": "brought in by this alias",
                    "line": 2,
                    "column": 4,
                    "end_line": 2,
                    "end_column": 6,
                },
            ],
        },
        {
            "code": "OTC302",
            "severity": "error",
            "message": "two lines",
            "file": "config.yml",
            "line": 3,
            "column": 1,
            "end_line": 4,
            "end_column": 4,
            "help": None,
            "suggestion": None,
            "labels": [],
        },
        {
            "code": "OTC501",
            "severity": "note",
            "message": "\x1b\ud800",
            "file": None,
            **nowhere,
            "help": None,
            "suggestion": None,
            "labels": [],
        },
        {
            "code": "OTC401",
            "severity": "error",
            "message": "edited",
            "file": "generated/a.py",
            **nowhere,
            "help": None,
            "suggestion": None,
            "labels": [],
        },
    ]


def test_the_schema_holds() -> None:
    jsonschema.validate(json.loads(json_format.render(REPORT)), SCHEMA)


def test_any_terminal_and_pipe_can_take_it() -> None:
    text = json_format.render(REPORT)
    assert text.isascii()
    assert "\x1b" not in text


def test_nothing_found_is_an_empty_array() -> None:
    assert json_format.render(Report(SourceText("config.yml", ""), ())) == "[]\n"
