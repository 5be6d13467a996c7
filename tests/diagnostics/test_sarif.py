"""SARIF, against the part of its schema that a report of otac's can touch.

Written from the specification (OASIS SARIF 2.1.0): the required properties and the types
of everything that is used, and nothing else is let through.
"""

import json
from typing import Any

import jsonschema
from report_of_everything import NOTHING, REPORT, report_of

from otac.diagnostics import sarif


def closed(required: str, **properties: Any) -> dict[str, Any]:
    """An object with no other properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


COUNT = {"type": "integer", "minimum": 1}
TEXT = {"type": "string"}
MESSAGE = closed("text", text=TEXT, markdown=TEXT)
REGION = closed(
    "startLine", startLine=COUNT, startColumn=COUNT, endLine=COUNT, endColumn=COUNT
)
ARTIFACT = closed("uri", uri={"type": "string", "pattern": r"^[-._~/%A-Za-z0-9]+$"})
PHYSICAL = closed("artifactLocation", artifactLocation=ARTIFACT, region=REGION)
LOCATION = closed(
    "",
    id={"type": "integer", "minimum": 0},
    physicalLocation=PHYSICAL,
    message=MESSAGE,
)
REPLACEMENT = closed(
    "deletedRegion", deletedRegion=REGION, insertedContent=closed("text", text=TEXT)
)
FIX = closed(
    "artifactChanges",
    description=MESSAGE,
    artifactChanges={
        "type": "array",
        "minItems": 1,
        "items": closed(
            "artifactLocation replacements",
            artifactLocation=ARTIFACT,
            replacements={"type": "array", "minItems": 1, "items": REPLACEMENT},
        ),
    },
)
RESULT = closed(
    "message",
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations={"type": "array", "items": LOCATION},
    relatedLocations={"type": "array", "uniqueItems": True, "items": LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    fixes={"type": "array", "uniqueItems": True, "items": FIX},
)
RULE = closed(
    "id", id=TEXT, shortDescription=MESSAGE, fullDescription=MESSAGE, help=MESSAGE
)
RUN = closed(
    "tool",
    tool=closed(
        "driver",
        driver=closed(
            "name",
            name=TEXT,
            version=TEXT,
            rules={"type": "array", "uniqueItems": True, "items": RULE},
        ),
    ),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": ["array", "null"], "items": RESULT},
)
SCHEMA = closed(
    "version runs",
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={"type": ["array", "null"], "items": RUN},
)


def run() -> dict[str, Any]:
    (only,) = json.loads(sarif.render(REPORT))["runs"]
    return dict(only)


def test_the_schema_holds() -> None:
    for report in (REPORT, NOTHING, report_of("a: x\n", "x")):
        jsonschema.validate(json.loads(sarif.render(report)), SCHEMA)


def test_a_result() -> None:
    file = {"uri": "conf/my%20config.yml"}
    place = {"startLine": 1, "startColumn": 8, "endLine": 1, "endColumn": 9}
    first = run()["results"][0]
    del first["partialFingerprints"]
    assert first == {
        "ruleId": "OTC301",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "unknown `x`\ndid you mean `y`?"},
        "locations": [
            {"physicalLocation": {"artifactLocation": file, "region": place}}
        ],
        "relatedLocations": [
            {
                "id": 1,
                "message": {"text": "the key"},
                "physicalLocation": {
                    "artifactLocation": file,
                    "region": {**place, "startColumn": 1, "endColumn": 2},
                },
            },
            {
                "id": 2,
                "message": {"text": "brought in by this alias"},
                "physicalLocation": {
                    "artifactLocation": file,
                    "region": {
                        "startLine": 2,
                        "startColumn": 4,
                        "endLine": 2,
                        "endColumn": 6,
                    },
                },
            },
        ],
        "fixes": [
            {
                "description": {"text": "replace it with `y`"},
                "artifactChanges": [
                    {
                        "artifactLocation": file,
                        "replacements": [
                            {
                                "deletedRegion": place,
                                "insertedContent": {"text": "y"},
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_every_result_points_at_its_rule() -> None:
    only = run()
    rules = only["tool"]["driver"]["rules"]
    assert [result["level"] for result in only["results"]] == [
        "error",
        "warning",
        "note",
        "error",
    ]
    for result in only["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert rules[0]["shortDescription"] == {"text": "a step that is not defined"}
    assert rules[0]["help"]["markdown"].startswith("# OTC301: ")


def test_what_has_no_place_has_none() -> None:
    assert "locations" not in run()["results"][2]
