"""The code quality report, against what GitLab documents as required."""

import json

import jsonschema
from report_of_everything import NOTHING, REPORT, report_of

from otac.diagnostics import gitlab

SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": [
            "description",
            "check_name",
            "fingerprint",
            "severity",
            "location",
        ],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {
                            "begin": {"type": "integer", "minimum": 1},
                            "end": {"type": "integer", "minimum": 1},
                        },
                    },
                },
            },
        },
        "additionalProperties": False,
    },
}


def test_the_schema_holds() -> None:
    jsonschema.validate(json.loads(gitlab.render(REPORT)), SCHEMA)
    assert json.loads(gitlab.render(NOTHING)) == []


def test_issues() -> None:
    issues = json.loads(gitlab.render(REPORT))
    for issue in issues:
        del issue["fingerprint"]
    assert issues == [
        {
            "description": "unknown `x` (did you mean `y`?)",
            "check_name": "OTC301",
            "severity": "major",
            "location": {"path": "conf/my config.yml", "lines": {"begin": 1, "end": 1}},
        },
        {
            "description": "100%: two\nlines, \x1b[31m",
            "check_name": "OTC334",
            "severity": "minor",
            "location": {"path": "conf/my config.yml", "lines": {"begin": 3, "end": 4}},
        },
        {
            "description": "decided \ufffe",
            "check_name": "OTC330",
            "severity": "info",
            "location": {"path": "conf/my config.yml", "lines": {"begin": 1}},
        },
        {
            "description": "edited",
            "check_name": "OTC401",
            "severity": "major",
            "location": {"path": "generated/a,b.py", "lines": {"begin": 1}},
        },
    ]


def prints(text: str, *words: str) -> list[str]:
    report = report_of(text, *words)
    return [issue["fingerprint"] for issue in json.loads(gitlab.render(report))]


def test_a_fingerprint_survives_when_its_line_moves() -> None:
    before = prints("a: x\nb: y\n", "x", "y")
    assert prints("# a comment\n\na: x\nnew: 1\n  b: y\n", "x", "y") == before


def test_fingerprints_differ_where_anything_but_the_line_number_does() -> None:
    made = prints("a: x\nb: x\na: x\na: x\na: y\n", "x", "y")
    assert len(set(made)) == len(made) == 5
