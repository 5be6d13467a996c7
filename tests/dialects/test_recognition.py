"""Which form a file is in, by its shape."""

from pathlib import Path

import pytest
from older_forms import document, form_of

from command import otac
from otac.diagnostics.diagnostic import Diagnostic
from otac.dialects import Form, recognise


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("orchestrator: {runners: [{pipe_id: a, pipe: {use: X}}]}", Form.TODAY),
        ("orchestrator: {runners: []}", Form.TODAY),
        ("{api_version: '>=1.0'}", Form.TODAY),
        ("orchestrator: []", Form.C),
        ("open_ticket_ai: {orchestrator: [{pipe: {use: X}}]}", Form.C),
        ("{defs: []}", Form.C),
        ("orchestrator: {runners: [{run_every_milli_seconds: 5, pipe: {}}]}", Form.D),
        ("orchestrator: {runners: [{pipe: {}, triggers: [{use: x}]}]}", Form.D),
        ("{defs: [], orchestrator: {runners: [{pipe: {}}]}}", Form.D),
        ("orchestrator: {runners: [{run: {}}]}", Form.E),
        ("orchestrator: {runners: [{on: [], run: {}}]}", Form.E),
        ("orchestrator: {use: 'base:SimpleSequentialOrchestrator'}", Form.F),
        ("orchestrator: {params: {steps: []}}", Form.F),
        ("orchestrator: {pipelines: []}", Form.P),
        ("{modifiers: [], attribute_predictors: []}", Form.WIRED_PARTS),
        ("{pipes: [], pipelines: []}", Form.WIRED_PARTS),
        ("{filter_by_queue: a, hf_model: b}", Form.ONE_MODEL),
        ("{system: {}, hf_model: b}", Form.ONE_MODEL),
        ("{system: {}, hf_model_queue: b, filter_by_queue: a}", Form.TWO_MODELS),
        (
            "open_ticket_ai: {pipes: {queue_mapper: {}}, orchestrator: {}}",
            Form.NAMED_PIPES,
        ),
        ("{general_config: {}, orchestrator: {}}", Form.P),
        ("{system: {}, queue_inference_model: {}}", Form.GROUPED_MODELS),
        ("pipelines: [{id: a, steps: []}]", Form.PIPELINE_STEPS),
        ("{pipe_defs: [], pipelines: [{steps: []}]}", Form.PIPELINE_STEPS),
        ("defs: {pipe_definitions: []}", Form.DEFINED_PIPES),
        (
            "orchestrator: {runners: [{run_every_milli_seconds: 5, steps: []}]}",
            Form.DEFINED_PIPES,
        ),
        # Prefect's own triggers belong to today's form.
        (
            "orchestrator: {runners: [{pipe: {}, triggers: [{type: event}]}]}",
            Form.TODAY,
        ),
        # A misspelt key still says which form was meant.
        ("orchestrator: {runners: [{run_every_mili_seconds: 5, pipe: {}}]}", Form.D),
        ("orchestrator: {runners: [{pipe_idd: a, pipe: {}}]}", Form.TODAY),
    ],
)
def test_forms(text: str, form: Form) -> None:
    assert form_of(text) is form


@pytest.mark.parametrize("key", ["fetchers", "hf_model", "predictors"])
def test_files_from_before_pipelines_are_refused_once(key: str) -> None:
    found = recognise(document(f"{{{key}: [], modifiers: []}}").root)
    assert isinstance(found, Diagnostic)
    assert found.code == "OTC208"


@pytest.mark.parametrize(
    "text",
    [
        "orchestrator: {runners: [{pipe_id: a, pipe: {}, run_every_milli_seconds: 5}]}",
        "orchestrator: {runners: [{run: {}}, {pipe_id: a, pipe: {}}]}",
        "orchestrator: {pipelines: [], runners: [{run: {}}]}",
        "orchestrator: [{on: [], run: {}}]",
    ],
)
def test_two_forms_at_once_are_both_named(text: str) -> None:
    found = recognise(document(text).root)
    assert isinstance(found, Diagnostic)
    assert found.code == "OTC211"
    (other,) = found.labels
    assert found.label.split(": ")[1] != other.text.split(": ")[1]


def test_check_tells_the_form_and_why(tmp_path: Path) -> None:
    text = "orchestrator: {runners: [{on: [], run: {id: x, steps: []}}]}"
    (tmp_path / "config.yml").write_text(text, encoding="utf-8")
    loud = otac("check", "config.yml", "--verbose", cwd=tmp_path)
    assert (
        "config.yml is in the form of 1.0, with `on` and `run`: a runner has `on`\n"
        in loud.err
    )
    assert "the form" not in otac("check", "config.yml", cwd=tmp_path).err
