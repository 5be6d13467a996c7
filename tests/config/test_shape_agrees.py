"""The shape check says what the `jsonschema` library says about the same schema."""

from typing import Any

from config_documents import (
    changed_configurations,
    valid_configurations,
    written,
)
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from otac import source
from otac.config.schema import compile_schema, configuration_schema
from otac.config.shape import check_shape
from otac.source.document import Document

_SOURCE = configuration_schema()
_OURS = compile_schema(_SOURCE)
_THEIRS = Draft202012Validator(_SOURCE)


def _accepted(data: Any) -> bool:
    document = source.read("config.yml", written(data))
    assert isinstance(document, Document)
    shape = check_shape(document.root, _OURS, "the configuration")
    assert shape.fits or shape.diagnostics
    return not shape.diagnostics


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(_SOURCE)


def test_golden_cases_fit() -> None:
    assert len(valid_configurations()) > 40
    for data in valid_configurations():
        assert _accepted(data)
        assert _THEIRS.is_valid(data)


@settings(max_examples=600)
@given(changed_configurations())
def test_changed_configurations_get_the_same_verdict(data: Any) -> None:
    assert _accepted(data) is _THEIRS.is_valid(data), data
