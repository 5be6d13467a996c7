"""A schema of ours that would not be heeded fails when it is loaded."""

import json
from pathlib import Path
from typing import Any

import pytest

from otac.config.schema import compile_schema

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.schema.json")), ids=str)
def test_every_definition_of_ours_is_heeded(path: Path) -> None:
    whole = json.loads(path.read_text())
    compile_schema(whole)
    for name in whole.get("$defs", {}):
        compile_schema({"$ref": f"#/$defs/{name}", "$defs": whole["$defs"]})


@pytest.mark.parametrize(
    "schema",
    [
        {"multipleOf": 5},
        {"not": {}},
        {"allOf": [{}]},
        {"dependentRequired": {}},
        {"uniqueItems": True},
        {"type": "object", "properties": {"a": {"contains": {}}}},
        {"$ref": "#/$defs/a", "minimum": 5, "$defs": {"a": {}}},
        {"anyOf": [{}], "required": ["a"]},
        {"type": "object", "oneOf": [{}]},
        {"if": {"required": ["a"]}, "then": {}, "else": {}, "type": "object"},
        {"if": {"required": ["a", "b"]}, "then": {}, "else": {}},
        {"if": {"properties": {"a": {}}}, "then": {}, "else": {}},
        {"if": {"required": ["a"]}, "then": {}},
    ],
)
def test_a_keyword_that_would_be_passed_over_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="schema keyword"):
        compile_schema(schema)
    compile_schema(schema, foreign=True)
