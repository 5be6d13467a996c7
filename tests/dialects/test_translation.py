"""Documents in older forms become canonical ones."""

from pathlib import Path

import jsonschema
import pytest
from older_forms import SCHEMA, canonical, document, form_of, pipe_of

from case import Case, cases
from otac.diagnostics.diagnostic import Severity
from otac.dialects import Dialect, Form, recognise
from otac.dialects.names import today
from otac.dialects.translate import translate

_CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
_VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def _older_cases() -> list[Case]:
    found = []
    for case in cases():
        if "prefect.yaml" in case.expected():
            dialect = recognise(
                document((case.folder / "config.yml").read_text("utf-8")).root
            )
            if isinstance(dialect, Dialect) and dialect.form is not Form.TODAY:
                found.append(case)
    return found


def test_there_is_a_case_of_every_form() -> None:
    forms = {
        form_of((case.folder / "config.yml").read_text("utf-8"))
        for case in _older_cases()
    }
    assert forms == set(Form) - {Form.TODAY}


@pytest.mark.parametrize("case", _older_cases(), ids=str)
def test_what_comes_out_fits_todays_schema(case: Case) -> None:
    body, _ = canonical((case.folder / "config.yml").read_text("utf-8"))
    _VALIDATOR.validate(body)


@pytest.mark.skipif(not _CORPUS.is_dir(), reason="the corpus lies beside the checkout")
def test_real_files_come_out_fitting_todays_schema() -> None:
    seen = set()
    for file in sorted(_CORPUS.glob("[c-f]*/*.yml")):
        text = file.read_text("utf-8")
        if form_of(text) is Form.TODAY:
            continue
        translated = translate(document(text), form_of(text), Severity.ERROR)
        body, found = translated.body, translated.diagnostics
        # What the older form's own schema refused has been left out.
        if body is not None and not any(one.code.startswith("OTC20") for one in found):
            _VALIDATOR.validate(body.plain())
            seen.add(form_of(text))
    assert {Form.C, Form.D, Form.E, Form.F} <= seen


@pytest.mark.parametrize(
    ("use", "name"),
    [
        ("base:FetchTicketsPipe", "FetchTickets"),
        ("TicketFetchPipe", "FetchTickets"),
        ("open_ticket_ai.base.pipes.ticket_system_pipes.add_note_pipe:AddNotePipe", "AddNote"),
        ("open_ticket_ai.basic_pipes:UpdateTicketsPipe", "UpdateTicket"),
        ("otai_base:JinjaExpressionPipe", "Expression"),
        ("open_ticket_ai.otai_hf_local:HFLocalTextClassificationPipe", "Classify"),
        ("otobo-znuny:OTOBOZnunyTicketSystemService", "OTOBOZnunyTicketSystem"),
        ("otobo_znuny:OTOBOZnunyClient", "OTOBOZnunyTicketSystem"),
        ("otai-hf-local:HFClassificationService", "HuggingFaceClassifier"),
        ("core:CompositePipe", "Composite"),
        ("acme.pipes:FetchTicketsPipe", None),
        ("project.pipes.CompositePipe", None),
        ("base:Nobody", None),
    ],
)  # fmt: skip
def test_names_of_all_releases(use: str, name: str | None) -> None:
    known = today(use)
    assert (None if known is None else known.name) == name


def test_mappings_merge_and_the_rest_is_replaced() -> None:
    pipe = pipe_of(
        """
        orchestrator:
          - pipe:
              id: root
              search: {queue: {name: A, id: 1}, limit: 5}
              steps:
                - id: inner
                  search: {queue: {name: B}, limit: 6}
                  steps:
                    - {id: leaf, use: Expression, expression: "{{ config.search }}"}
        """
    )
    (inner,) = pipe["steps"]
    assert inner["params"]["search"] == {
        "queue": {"name": "B", "id": "{{ config.search.queue.id }}"},
        "limit": 6,
    }
    (leaf,) = inner["steps"]
    assert leaf["params"] == {"expression": "{{ config.search }}"}


def test_a_component_inherits_only_what_it_takes() -> None:
    pipe = pipe_of(
        """
        orchestrator:
          - pipe:
              ticket_id: 7
              colour: red
              steps:
                - {id: note, use: AddNotePipe, note: hello}
                - {id: own, use: "acme:Pipe"}
        """
    )
    note, own = pipe["steps"]
    assert note["params"] == {"note": "hello", "ticket_id": "{{ config.ticket_id }}"}
    # What another one takes is not known.
    assert own["params"] == {
        "ticket_id": "{{ config.ticket_id }}",
        "colour": "{{ config.colour }}",
    }


def test_definitions_that_are_no_services_are_left_out() -> None:
    body, found = canonical(
        """
        defs:
          - {id: otobo, use: "x:Service", password: p}
          - {id: template, use: AddNotePipe, note: x}
          - {id: workflow, steps: []}
          - {StateType: Open}
        orchestrator: []
        """
    )
    assert list(body["services"]) == ["otobo"]  # type: ignore[arg-type]
    assert found == ()


def test_two_tokens_are_two_classifiers() -> None:
    body, _ = canonical(
        """
        orchestrator:
          - pipe:
              steps:
                - {id: a, use: HFLocalTextClassificationPipe, token: "1", prompt: x, model: m}
                - {id: b, use: HFLocalTextClassificationPipe, token: "2", prompt: x, model: m}
                - {id: c, use: HFLocalTextClassificationPipe, token: "1", prompt: x, model: m}
        """
    )
    assert body["services"] == {
        "hugging_face": {"use": "HuggingFaceClassifier", "params": {"api_token": "1"}},
        "hugging_face_2": {
            "use": "HuggingFaceClassifier",
            "params": {"api_token": "2"},
        },
    }
    orchestrator = body["orchestrator"]
    assert [
        step["injects"]["classification_service"]
        for step in orchestrator["runners"][0]["pipe"]["steps"]  # type: ignore[index,call-overload]
    ] == ["hugging_face", "hugging_face_2", "hugging_face"]


def test_runners_without_a_name_get_one() -> None:
    body, _ = canonical("orchestrator: [{pipe: {use: X}}, {pipe: {use: X}}]")
    orchestrator = body["orchestrator"]
    names = [runner["pipe_id"] for runner in orchestrator["runners"]]  # type: ignore[index,call-overload]
    assert names == ["runner_1", "runner_2"]


def test_root_keys_for_anchors_stand_beside_a_body_at_the_root() -> None:
    body, found = canonical(
        """
        $schema: config.schema.json
        x-shared: &check {use: CheckEscalations}
        definitions: []
        _anchors: []
        orchestrator: [{pipe: {<<: *check}}]
        """
    )
    assert found == ()
    assert set(body) == {"orchestrator"}


def test_steps_under_params_have_their_shape_checked() -> None:
    text = """
        orchestrator:
          use: base:SimpleSequentialOrchestrator
          params:
            steps:
              - use: base:CompositePipe
                params: {steps: [{id: a, use: [x]}, {id: "[b]", use: Expression}]}
        """
    _, found = canonical(text)
    assert [one.code for one in found] == ["OTC204", "OTC207"]
