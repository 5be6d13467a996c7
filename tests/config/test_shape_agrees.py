"""The shape check says what the `jsonschema` library says about the same schema."""

import re
from collections.abc import Iterator
from typing import Any

from config_documents import (
    changed_configurations,
    valid_configurations,
    written,
)
from hypothesis import given, settings
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from otac import source
from otac.config.schema import compile_schema, configuration_schema
from otac.config.shape import check_shape
from otac.source.document import Document

_SOURCE = configuration_schema()
_OURS = compile_schema(_SOURCE)


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    # In a JSON Schema `$` is the very end; Python also has it before a last line break.
    if isinstance(instance, str) and not re.search(
        re.sub(r"\$$", r"\\Z", pattern), instance
    ):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_THEIRS = extend(Draft202012Validator, {"pattern": _pattern})(_SOURCE)


def _accepted(data: Any) -> bool:
    document = source.read("config.yml", written(data))
    assert isinstance(document, Document)
    shape = check_shape(document.root, _OURS, "the configuration")
    assert shape.fits or shape.diagnostics
    return not shape.diagnostics


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(_SOURCE)


def test_a_line_break_at_the_end_is_seen() -> None:
    runner = {"pipe_id": "a\n", "pipe": {"use": "CheckEscalations"}}
    data = {"orchestrator": {"runners": [runner]}}
    assert not _accepted(data)
    assert not _THEIRS.is_valid(data)


def test_golden_cases_fit() -> None:
    assert len(valid_configurations()) > 40
    for data in valid_configurations():
        assert _accepted(data)
        assert _THEIRS.is_valid(data)


@settings(max_examples=600)
@given(changed_configurations())
def test_changed_configurations_get_the_same_verdict(data: Any) -> None:
    assert _accepted(data) is _THEIRS.is_valid(data), data
