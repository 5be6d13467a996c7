"""Whatever a file holds, compiling it ends in output or in an error with a place."""

from pathlib import Path
from typing import Any

from config_documents import changed_configurations, written
from hypothesis import given, settings
from hypothesis import strategies as st

from otac.pipeline import CompileOptions, compile_configuration


def _compile(data: bytes) -> None:
    options = CompileOptions()
    compiled = compile_configuration("config.yml", data, Path("no folder"), options)
    assert (compiled.output is None) is (compiled.report.errors > 0)
    text = compiled.report.source.text
    for found in compiled.report.diagnostics:
        assert found.span is not None
        assert 0 <= found.span.start <= found.span.end <= len(text)


@settings(max_examples=400)
@given(changed_configurations())
def test_changed_configurations(data: Any) -> None:
    _compile(written(data))


@settings(max_examples=200)
@given(st.text())
def test_any_expression(text: str) -> None:
    step = {"use": "Expression", "expression": "{{ " + text + " }}"}
    data = {"orchestrator": {"runners": [{"pipe_id": "a", "pipe": step}]}}
    _compile(written(data))
