"""Files from before 1.0 that are broken, of two families, or hold credentials."""

from pathlib import Path
from time import process_time

import pytest

from otac.diagnostics import concise, full, json_format
from otac.diagnostics.diagnostic import Severity
from otac.migrate import migrate
from otac.pipeline import Compiled, CompileOptions, compile_configuration

_SYSTEM = """\
system:
  server_address: https://desk.example/otobo/nph-genericinterface.pl
  username: otai
  password_env_var: DESK_PASSWORD
"""
_FLAT = """\
filter_by_queue: Incoming
hf_model: acme/queues
confidence_threshold: 0.8
low_confidence_queue: Unsorted
run_every_seconds: 10
"""
_STEPS = """\
pipelines:
  - id: a
    steps:
      - {name: fetcher, type: TicketSystemService, operation: find}
"""
_TODAY = (
    "orchestrator: {runners: [{pipe_id: a, pipe: {use: Expression, expression: 1}}]}\n"
)
_SECRET = "hunter2-and-more"


def _compiled(text: str, folder: Path) -> Compiled:
    options = CompileOptions()
    return compile_configuration("config.yml", text.encode(), folder, options)


def _errors(compiled: Compiled) -> list[str]:
    found = compiled.report.diagnostics
    return [one.code for one in found if one.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (_SYSTEM + _FLAT + _STEPS, "OTC216"),
        (_SYSTEM + _STEPS + "queue_inference_model: {hf_model_queue: a}\n", "OTC216"),
        (_SYSTEM + _FLAT + "defs: {pipe_definitions: []}\n", "OTC216"),
        (_SYSTEM + _FLAT + "pipes: {queue_mapper: {}}\n", "OTC211"),
        (_SYSTEM + _FLAT + _TODAY, "OTC211"),
        (_SYSTEM + _FLAT + "orchestrator: [{pipe: {use: X}}]\n", "OTC211"),
        ("modifiers: [{id: a}]\nattribute_predictors: [{id: b}]\n" + _TODAY, "OTC211"),
        (_STEPS + _TODAY, "OTC211"),
    ],
)
def test_two_families_in_a_file_are_told_once(
    text: str, code: str, tmp_path: Path
) -> None:
    assert _errors(_compiled(text, tmp_path)) == [code]
    assert migrate("config.yml", text.encode(), CompileOptions()).data is None


@pytest.mark.parametrize(
    "broken",
    [
        _SYSTEM.replace("username: otai", 'username: "otai') + _FLAT,
        _SYSTEM + _FLAT.replace("hf_model: acme", "hf_model acme"),
        _SYSTEM + _STEPS.replace("{name: fetcher,", "{name: fetcher"),
    ],
)
def test_of_a_broken_file_only_what_is_broken_is_told(
    broken: str, tmp_path: Path
) -> None:
    """And nothing is written in place of it."""
    assert all(code.startswith("OTC1") for code in _errors(_compiled(broken, tmp_path)))
    assert migrate("config.yml", broken.encode(), CompileOptions()).data is None


_SERVICE = """\
defs:
  services:
    - name: desk
      use: OTOBOZnunyTicketSystemService
      config: {server_address: https://desk.example, password: %s, port: [1]}
  pipe_definitions: []
orchestrator: {runners: [{run_every_milli_seconds: 10000, use: nothing}]}
"""
_TOKEN = """\
pipelines:
  - id: a
    steps:
      - name: fetcher
        type: TicketSystemService
        operation: find
        ticket_search_criteria: {queue: {name: Incoming}}
      - name: model
        type: HFLocalAIInferenceService
        prompt: "{{ data.ticket.subject }}"
        hf_model: acme/queues
        hf_token: %s
        output: {data: {label: "{{ current_state.label }}"}}
      - {name: move, operation: update, type: TicketSystemService, ticket: {queue: {name: "{{ data.label }}"}}}
orchestrator: {run_every_milli_seconds: 10000}
"""


@pytest.mark.parametrize(
    "text",
    [
        _SYSTEM.replace("DESK_PASSWORD", _SECRET) + _FLAT,
        _SYSTEM.replace("password_env_var: DESK_PASSWORD", f"password: {_SECRET}")
        + _FLAT,
        _SYSTEM + _FLAT + f"hf_token_env_var: {_SECRET}\n",
        _SYSTEM + _FLAT + f"hf_token: {_SECRET}\n",
        _SERVICE % _SECRET,
        _SYSTEM + _TOKEN % _SECRET,
    ],
)
def test_a_credential_in_the_file_is_never_repeated(text: str, tmp_path: Path) -> None:
    compiled = _compiled(text, tmp_path)
    assert compiled.output is None
    for render in (full.render, concise.render, json_format.render):
        assert _SECRET not in render(compiled.report)


def test_a_token_in_a_step_moves_to_the_environment(tmp_path: Path) -> None:
    text = _SYSTEM + _TOKEN % _SECRET
    asked = [
        one for one in _compiled(text, tmp_path).report.diagnostics if one.question
    ]
    (question,) = (one.question for one in asked)
    assert question is not None
    proposed = question.proposed(text)
    assert proposed is not None
    assert "set the variable" in proposed.reason
    after = proposed.applied(text)
    assert _SECRET not in after
    compiled = _compiled(after, tmp_path)
    assert compiled.output is not None
    migrated = migrate("config.yml", after.encode(), CompileOptions()).data
    assert migrated is not None
    assert b"get_env('HUGGINGFACE_TOKEN', default=none)" in migrated


def test_a_definition_that_uses_itself_twice_ends_soon(tmp_path: Path) -> None:
    text = """\
defs:
  services: [{name: desk, use: OTOBOZnunyTicketSystemService, server_address: https://d.example}]
  pipe_definitions:
    - name: routing
      steps:
        - {name: one, use: "def:routing"}
        - {name: two, use: "def:routing"}
        - {name: three, steps: [{name: four, use: "def:routing"}]}
orchestrator:
  runners: [{run_every_milli_seconds: 10000, use: routing}]
"""
    begun = process_time()
    assert _errors(_compiled(text, tmp_path))
    assert process_time() - begun < 5
