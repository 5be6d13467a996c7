"""What is offered at a place, asked over the pipes of a real `otac lsp`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from editor import Editor, editing

CONFIGURATION = """\
services:
  helpdesk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}
  words: {use: KeywordClassifier, labels: {Billing: [invoice]}}
aliases:
  route: ProcessTickets
notifications:
  - {id: chat, use: slack, url: "{{ secret('slack') }}"}
orchestrator:
  runners:
    - pipe_id: triage
      parameters: {region: north}
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            injects: {ticket_system: helpdesk}
            ticket_search_criteria: {queue: {name: Support}}
          - id: inner
            if: "{{ has_succeeded('fetch') }}"
            style: brief
            steps:
              - id: classify
                use: Classify
                text: a
                model_name: m
              - id: own
                use: Expression
                expression: "1"
          - id: move
            use: UpdateTicket
            ticket_id: "1"
            @
          - {id: last, use: Expression, expression: "2"}
    - pipe_id: other
      pipe: {use: ProcessTickets, queue: Returns}
      after: triage
"""


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with editing(tmp_path_factory.mktemp("lsp")) as one:
        # A sound text first, as in an editor: what follows is being typed.
        one.open(CONFIGURATION.replace("            @\n", ""))
        yield one


@pytest.fixture(params=["after a sound text", "opened broken"])
def any_editor(
    request: pytest.FixtureRequest, editor: Editor, tmp_path: Path
) -> Iterator[Editor]:
    if request.param == "after a sound text":
        yield editor
        return
    with editing(tmp_path) as one:
        yield one


CASES = [
    # keys of the mapping, those that are there left out
    ("§", {"if", "retries", "on_error", "updated_ticket"}, {"use", "id", "ticket_id"}),
    ("tim§", {"timeout_seconds"}, {"pipe_id"}),
    ("updated_ticket: {§", {"queue", "priority"}, {"use"}),
    ("on_error: §", {"stop", "continue", "fail_at_end"}, {"true"}),
    ("injects: {§", {"ticket_system"}, {"helpdesk"}),
    ("injects: {ticket_system: §", {"helpdesk"}, {"words"}),
    ("injects:\n              ticket_system: §", {"helpdesk"}, {"words"}),
    ("depends_on: §", {"fetch", "inner", "inner.classify"}, {"move", "last"}),
    ("depends_on: [fetch, §", {"inner"}, {"last"}),
    ("depends_on:\n              - §", {"fetch", "inner"}, {"last"}),
    # expressions
    ("if: \"{{ get_pipe_result('§", {"fetch", "inner", "classify"}, {"move", "last"}),
    ("if: \"{{ has_failed('f§') }}\"", {"fetch"}, {"last"}),
    ("if: '{{ has_failed(\"§", {"fetch"}, {"last"}),
    ("if: >-\n              {{ 1 and\n              has_failed('§", {"fetch"}, {"last"}),
    ("if: \"{{ get_pipe_result('fetch', '§", {"fetched_tickets"}, {"label"}),
    ("if: \"{{ get_pipe_result('classify', '§", {"label", "confidence"}, {"fetch"}),
    ("if: \"{{ get_pipe_result('classify').§", {"label", "confidence"}, {"fetch"}),
    ('if: "{{ params.§', {"region"}, {"fetch"}),
    ('if: "{{ 1 | §', {"length", "default"}, {"fetch"}),
    ('if: "{{ 1 is §', {"defined"}, {"length"}),
    ('if: "{{ §', {"get_pipe_result", "params", "secret"}, {"fetch", "length"}),
    ('if: "{{ params.region == \'§', {"Support", "Returns"}, {"fetch"}),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "offered", "not_offered"), CASES)
def test_in_a_step(
    typed: str, offered: set[str], not_offered: set[str], any_editor: Editor
) -> None:
    labels = set(any_editor.labels(CONFIGURATION.replace("@", typed)))
    assert offered <= labels
    assert not labels & not_offered


ELSEWHERE = [
    ("use: UpdateTicket", "use: §", {"ProcessTickets", "Composite", "route"},
     {"KeywordClassifier", "slack"}),
    ("{use: KeywordClassifier", "{use: §", {"KeywordClassifier"}, {"ProcessTickets"}),
    ("{use: KeywordClassifier", "{§, use: KeywordClassifier", {"params"}, {"retries"}),
    ("use: slack", "use: §", {"slack", "teams"}, {"ProcessTickets"}),
    ("{use: ProcessTickets, queue: Returns}", "{use: ProcessTickets, §", 
     {"queue", "dry_run", "retries"}, {"use", "ticket_id"}),
    ("{use: ProcessTickets, queue: Returns}", "{use: route, params: {§",
     {"queue", "dry_run"}, {"use", "retries"}),
    ("{use: ProcessTickets, queue: Returns}", "{use: ProcessTickets, dry_run: §",
     {"true", "false"}, {"stop"}),
    ("queue: Returns", "queue: §", {"Support"}, {"true"}),
    ("after: triage", "after: §", {"triage", "other"}, {"fetch"}),
    ("after: triage", "on_failure: [§", {"chat"}, {"fetch"}),
    ("after: triage", "§", {"interval_seconds", "mode"}, {"pipe_id", "use"}),
    ("after: triage", "mode: §", {"resident"}, {"stop"}),
    ("after: triage", "retries: 1\n§", {"prefect"}, {"services", "pipe_id"}),
    ('expression: "1"', 'expression: "{{ config.§', {"style"}, {"if", "steps"}),
    ('expression: "1"', "if: \"{{ has_failed('§", {"classify", "fetch"}, {"move"}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "typed", "offered", "not_offered"), ELSEWHERE)
def test_elsewhere(
    old: str, typed: str, offered: set[str], not_offered: set[str], any_editor: Editor
) -> None:
    text = CONFIGURATION.replace("            @\n", "").replace(old, typed)
    labels = set(any_editor.labels(text))
    assert offered <= labels
    assert not labels & not_offered


@pytest.mark.parametrize("name", ["config.yml", "§"])
def test_the_first_key(name: str, tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        editor.open("orchestrator:\n")
        labels = editor.labels("orchestrator:\n  §")
        assert {"runners", "defaults"} <= set(labels)


def test_an_item_says_what_it_is_and_replaces_the_word(editor: Editor) -> None:
    marked = CONFIGURATION.replace("@", "retr§ie")
    found = editor.at(marked, "textDocument/completion")["items"]
    (item,) = (one for one in found if one["label"] == "retries")
    assert "Further attempts after the first" in item["documentation"]["value"]
    assert item["textEdit"]["newText"] == "retries: "
    assert item["textEdit"]["range"] == editor.range("retrie")


def test_a_parameter_comes_with_its_words(editor: Editor) -> None:
    marked = CONFIGURATION.replace("            @\n", "")
    marked = marked.replace("queue: Returns", "queue: Returns, §")
    found = editor.at(marked, "textDocument/completion")["items"]
    (item,) = (one for one in found if one["label"] == "dry_run")
    assert "Decide, report and change nothing" in item["documentation"]["value"]


@pytest.mark.parametrize("typed", ["# §", "x: 1\n§"])
def test_nothing_in_comments_and_foreign_files(typed: str, tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        assert editor.labels(typed) == []


def test_parameters_of_an_imported_component(tmp_path: Path) -> None:
    (tmp_path / "acme.py").write_text(
        "async def triage(tone: str, depth: int = 1) -> None: ...\n"
    )
    text = CONFIGURATION.replace("            @\n", "")
    text = text.replace("{use: ProcessTickets, queue: Returns}", "{use: acme:triage, §")
    with editing(tmp_path) as editor:
        assert {"tone", "depth"} <= set(editor.labels(text))
