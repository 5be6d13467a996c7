"""What only the author knows is asked with answers, each of which can be given."""

from pathlib import Path

import pytest

from case import Case, cases
from otac.diagnostics.correction import correction
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.edit import Safety
from otac.pipeline import Compiled, CompileOptions, compile_configuration

_ASKING = ("OTC216", "OTC217")
_SYSTEM = """\
system:
  server_address: %s
  username: otai
  password_env_var: DESK_PASSWORD
"""
_FLAT = """\
filter_by_queue: Incoming
hf_model: acme/queues
confidence_threshold: 0.8
low_confidence_queue: Unsorted
run_every_milli_seconds: 1
"""
_PARTS = """\
fetchers:
  - id: all
    type: basic_ticket_fetcher
    params:
      filters:
        - {attribute: queue, value: Incoming}
data_preparers:
  - id: once
    type: subject_body_preparer
    params:
      result_field: text
  - id: twice
    type: subject_body_preparer
    params:
      repeat_subject: 2
      result_field: text
models:
  - id: model
    type: hf_ai_model
    params:
      hf_endpoint_name: acme/queues
      input_field: words
  - id: other
    type: hf_ai_model
    params: {hf_model: acme/priorities}
modifiers:
  - id: mover
    type: queue_modifier
    params: {confidence_threshold: 0.8, low_confidence_value: Unsorted}
  - id: raiser
    type: priority_modifier
    params:
      confidence_threshold: 0.6
      low_confidence_value: 3
      ticket_system_value2model_values:
        1: [low]
attribute_predictors:
  - id: queue_predictor
    type: queue_predictor
    fetcher_id: all
    preparer_id: once
    model_id: model
    modifier_id: mover
    schedule:
      interval: 10
      unit: seconds
  - id: priority_predictor
    type: priority_predictor
    fetcher_id: all
    preparer_id: twice
    model_id: other
    modifier_id: raiser
    schedule:
      interval: 5
      unit: minutes
"""
_STEPS = """\
pipelines:
  - id: first
    steps:
      - name: nothing
        type: PipelineExecutor
  - id: second
    pipeline_config:
      low: Unsorted
    steps:
      - name: fetcher
        type: TicketSystemService
        operation: find
        ticket_search_criteria:
          queue: {name: Incoming}
          limit: 1
      - name: executor
        type: PipelineExecutor
      - name: model
        type: HFLocalAIInferenceService
        prompt: "{{ data.ticket.subject }}"
        hf_model: acme/queues
        hf_token: hf_abcdefghijklmnop
        output: {data: {label: "{{ current_state.label }}", confidence: "{{ current_state.confidence }}"}}
      - name: mapper
        type: SimpleKeyValueMapper
        from_key: "{{ data.label }}"
        key_to_value_map:
          invoice: Billing
        output: {data: {mapped: "{{ current_state.to_value }}"}}
      - name: move
        type: TicketSystemService
        operation: update
        ticket_id: "4711"
        ticket:
          queue: {name: "{{ data.mapped if data.confidence >= 0.8 else pipeline_config.low }}"}
orchestrator:
  run_every_milli_seconds: 1
"""
_DEFINED = """\
defs:
  services:
    - name: desk
      use: OTOBOZnunyTicketSystemService
      server_address: https://desk.example
      password: "{{ env.DESK_PASSWORD }}"
  pipe_definitions:
    - name: classification
      steps:
        - name: classify
          use: HfLocalTextClassificationPipe
          config:
            model: "{{ config.model }}"
            prompt: "{{ data.ticket.subject }}"
        - name: select
          config:
            expression: "{{ pipes.classify.label if pipes.classify.confidence >= 0.8 else config.low }}"
        - name: update
          use: TicketUpdatePipe
          config:
            updated_ticket: "{{ pipes.select | at_path(config.field) }}"
          on_success: finish_container
        - name: elsewhere
          use: TicketUpdatePipe
          when: "{{ config.instead }}"
          config:
            updated_ticket: "{{ config.instead | at_path(config.field) }}"
    - name: routing
      steps:
        - name: fetcher
          use: TicketFetchPipe
          config:
            ticket_search_criteria: "{{ config.criteria }}"
        - name: queue
          use: "def:classification"
          config:
            model: acme/queues
            low: Unsorted
            field: queue.name
            instead: "{{ config.error_queue_name }}"
        - name: priority
          use: Composite
          config:
            model: acme/queues
            low: 3 normal
            field: priority.name
orchestrator:
  runners:
    - run_every_milli_seconds: 10000
      use: routing
      config:
        criteria: {queue.name: Incoming}
"""
_FILTERED = """\
        - attribute: user
          value: alice
"""
_ADDRESS = _SYSTEM % "https://desk.example/otobo/nph-genericinterface.pl"
_WITHOUT_PATH = _SYSTEM % '"https://desk.example/"'
_OPENING = ("pipeline", "definition.priority")
_FILES = {
    "flat": _WITHOUT_PATH + _FLAT,
    "parts": _ADDRESS + _PARTS,
    "filtered": _ADDRESS + _PARTS.replace("data_prep", f"{_FILTERED}data_prep"),
    "steps": _ADDRESS + _STEPS,
    "defined": _DEFINED,
    "both": _ADDRESS + _PARTS + _FLAT,
}


def _compiled(text: str, folder: Path) -> Compiled:
    return compile_configuration("config.yml", text.encode(), folder, CompileOptions())


def _asked(compiled: Compiled) -> list[Diagnostic]:
    return [one for one in compiled.report.diagnostics if one.code in _ASKING]


def _errors(compiled: Compiled) -> set[str]:
    found = compiled.report.diagnostics
    return {one.message for one in found if one.severity is Severity.ERROR}


@pytest.mark.parametrize("case", cases(), ids=str)
def test_every_question_of_a_case_has_a_key_of_its_own(case: Case) -> None:
    file = case.folder / "config.yml"
    if not any(code in _said(case) for code in _ASKING):
        return
    compiled = _compiled(file.read_text(encoding="utf-8"), case.folder)
    asked = [one.question for one in _asked(compiled)]
    questions = [one for one in asked if one is not None]
    assert len(questions) == len(asked) > 0
    keys = [one.key for one in questions]
    assert len(keys) == len(set(keys))
    for one in questions:
        answers = [choice.answer for choice in one.choices]
        assert len(answers) == len(set(answers))
        assert one.proposal is None or one.proposal in answers


def _said(case: Case) -> str:
    file = case.folder / "expected" / "diagnostics.txt"
    return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.mark.parametrize("name", _FILES)
def test_each_answer_can_be_given_and_asks_nothing_worse(
    name: str, tmp_path: Path
) -> None:
    text = _FILES[name]
    before = _compiled(text, tmp_path)
    assert _asked(before)
    for found in _asked(before):
        assert found.question is not None
        for choice in found.question.choices:
            made = found.question.answered(choice.answer, text)
            assert made is not None, choice
            assert made.safety in (Safety.CONFIRM, Safety.PLACEHOLDER)
            after = _compiled(made.applied(text), tmp_path)
            keys = {one.question.key for one in _asked(after) if one.question}
            assert (found.question.key in keys) == (not choice.makes), choice
            # Half of a file, or what was hidden behind a question, may ask anew.
            is_new = name == "both" or found.question.key in _OPENING
            assert is_new or _errors(after) <= _errors(before), choice


@pytest.mark.parametrize("name", ["flat", "parts", "both", "steps", "defined"])
def test_with_all_proposals_the_file_compiles(name: str, tmp_path: Path) -> None:
    text = _FILES[name]
    compiled = _compiled(text, tmp_path)
    for _ in range(20):
        proposed = (correction(one, text) for one in _asked(compiled))
        first = next((one for one in proposed if one is not None), None)
        if first is None:
            break
        text = first.applied(text)
        compiled = _compiled(text, tmp_path)
    assert compiled.output is not None, _errors(compiled)


def test_another_text_may_answer_where_one_can_stand(tmp_path: Path) -> None:
    text = _FILES["flat"]
    asked = {
        one.question.key: one.question
        for one in _asked(_compiled(text, tmp_path))
        if one.question
    }
    own = asked["helpdesk-address"].answered("http://a: b", text)
    assert own is not None
    assert 'server_address: "http://a: b"' in own.applied(text)
    assert asked["interval"].answered("often", text) is None


def test_nothing_is_proposed_that_takes_other_tickets(tmp_path: Path) -> None:
    asked = _asked(_compiled(_FILES["filtered"], tmp_path))
    (found,) = (one for one in asked if one.message.startswith("tickets are taken"))
    assert correction(found, _FILES["filtered"]) is None
