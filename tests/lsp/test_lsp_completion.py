"""What is offered at a place, asked over the pipes of a real `otac lsp`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from editor import Editor, editing

from command import otac

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


MEMBERS = """\
orchestrator:
  runners:
    - pipe_id: triage
      parameters: {teams: [{code: a, title: A}]}
      pipe:
        tone: brief
        params: {limits: {low: 1, high: 2}}
        retries: 3
        timeout_seconds: 5
        steps:
          - use: FetchTickets
            ticket_search_criteria: {limit: 3}
          - use: FetchTicketsPipe
            ticket_search_criteria: {limit: 3}
          - id: each
            for_each: "{{ get_pipe_result('fetch_tickets', 'fetched_tickets') }}"
            style: long
            on_error: continue
            steps:
              - use: Expression
                expression: "{{ 1 }}"
              - id: inner
                use: Expression
                expression: "{{ @each }}"
          - id: over
            for_each: [{code: b, size: 1}]
            use: Expression
            expression: "{{ @over }}"
          - id: teams
            for_each: "{{ params.teams }}"
            use: Expression
            expression: "{{ @teams }}"
    - pipe_id: single
      pipe: {use: ProcessTickets, queue: Returns, retries: 1, low_confidence_queue: "{{ @single }}"}
"""


def marked(place: str, typed: str) -> str:
    text = MEMBERS.replace(f"@{place}", typed)
    return re.sub(r"@\w+", "1", text)


POLICIES = {"retries", "timeout_seconds", "on_error", "steps", "use", "for_each", "id"}
TICKET = {"id", "subject", "body", "queue", "priority", "notes"}


@pytest.mark.parametrize(
    ("place", "typed", "offered"),
    [
        ("each", "item.§", TICKET),
        ("each", "item['§", TICKET),
        ("each", "item.queue.§", {"id", "name"}),
        ("each", "item.notes[0].§", {"subject", "body", "internal"}),
        ("each", "config.§", {"style"}),
        ("each", "parent.params.§", {"tone", "limits"}),
        ("each", "parent.params.limits.§", {"low", "high"}),
        ("each", "parent.parent.params.§", set()),
        ("each", "parent.§", {"params", "parent"}),
        ("each", "get_parent_param('§", {"style", "tone", "limits"}),
        ("over", "item.§", {"code", "size"}),
        ("over", "config.§", {"tone", "limits"}),
        ("over", "parent.params.§", set()),
        ("teams", "item.§", {"code", "title"}),
        ("teams", "params.§", {"teams"}),
        ("teams", "get_pipe_result('fetch_tickets', 'fetched_tickets')[0].§", TICKET),
        ("teams", "get_pipe_result('fetch_tickets_2').fetched_tickets[0].§", TICKET),
        ("single", "config.§", set()),
    ],
)
def test_what_names_have_inside(
    place: str, typed: str, offered: set[str], editor: Editor
) -> None:
    labels = editor.labels(marked(place, typed))
    assert set(labels) == offered or (offered == TICKET and offered < set(labels))
    assert len(labels) == len(set(labels))
    assert offered is TICKET or not set(labels) & (POLICIES - offered)


@pytest.mark.parametrize(
    ("place", "offered", "not_offered"),
    [
        ("over", {"fetch_tickets", "fetch_tickets_2", "each", "expression"}, {"teams"}),
        ("each", {"fetch_tickets", "expression"}, {"over", "inner"}),
    ],
)
def test_ids_that_steps_get(
    place: str, offered: set[str], not_offered: set[str], editor: Editor
) -> None:
    labels = set(editor.labels(marked(place, "get_pipe_result('§")))
    assert not labels & not_offered
    if place == "over":
        # The steps of a `for_each` ran more than once.
        offered = offered - {"expression"}
    assert offered <= labels


def test_an_id_that_a_step_gets_is_one_for_the_compiler_too(tmp_path: Path) -> None:
    text = marked("over", "get_pipe_result('fetch_tickets_2', 'fetched_tickets')")
    (tmp_path / "config.yml").write_text(text, encoding="utf-8")
    checked = otac("check", "config.yml", "--format", "concise", cwd=tmp_path)
    assert "OTC301" not in checked.out + checked.err
    (tmp_path / "config.yml").write_text(text.replace("_tickets_2", "_tickets_3"))
    checked = otac("check", "config.yml", "--format", "concise", cwd=tmp_path)
    assert "OTC301" in checked.out + checked.err


QUEUES = """\
services:
  words: {use: KeywordClassifier, labels: {Sales: [offer]}}
orchestrator:
  defaults: {work_queue: nightly}
  runners:
    - pipe_id: triage
      pipe: {use: ProcessTickets, queue: Incoming, queue_model: acme/queues, @process: 1}
    - pipe_id: other
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            ticket_search_criteria: {queue: {name: "IT: Support"}, @fetch: 1}
          - id: move
            use: UpdateTicket
            ticket_id: "1"
            updated_ticket: {@move: {name: "{{ 'Billing' if 'x' in 'xy' else 'Other' }}"}}
          - id: custom
            use: acme_desk:Move
            @custom: 1
"""
MODULE = """\
from otac.components import Component
from pydantic import BaseModel, Field


class Move(Component):
    class Params(BaseModel):
        inbox: str = Field("", description="The queue that is emptied")
        outbox: str = Field("", description="The folder for what was in the queue")
        target_queue: str = ""
        queue: str = ""
        queues: list[str] = []

    async def run(self, params: Params) -> None: ...
"""
NAMED = {"Incoming", "IT: Support", "Billing", "Other"}


def queues_with(place: str = "", typed: str = "") -> str:
    """The configuration with something typed at a place, and sound elsewhere."""
    text = QUEUES
    for name, key in (
        ("process", "limit"),
        ("fetch", "limit"),
        ("move", "queue"),
        ("custom", "inbox"),
    ):
        text = text.replace(f"@{name}", typed if name == place else key)
    return text


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """In a folder with a component of its own on record."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "acme_desk.py").write_text(MODULE, encoding="utf-8")
    (folder / "config.yml").write_text(queues_with(), "utf-8")
    done = otac("components", "sync", "config.yml", "-q", cwd=folder)
    assert done.status == 0, done.err
    with editing(folder) as one:
        one.open(queues_with())
        yield one


@pytest.mark.parametrize(
    ("place", "typed", "is_offered"),
    [
        ("process", "low_confidence_queue: §", True),
        ("process", "queues: {§", True),
        ("process", "queue_map: {Cats: §", True),
        ("process", "queue_map: {Cats: {name: §", True),
        ("process", "queue_map: {§", False),
        ("process", "priority_map: {Cats: §", False),
        ("process", "queue_model: §", False),
        ("process", "priority_model: §", False),
        ("fetch", "queue: {name: §", True),
        ("fetch", "state: {name: §", False),
        ("fetch", "queue: {id: §", False),
        ("move", "queue: {name: §", True),
        ("move", "priority: {name: §", False),
        ("move", "queue: {name: \"{{ '§", True),
        ("custom", "target_queue: §", True),
        ("custom", "inbox: §", True),
        ("custom", "outbox: §", False),
        ("custom", "work_queue: §", False),
        ("custom", "queues: [§", True),
    ],
)
def test_queues(place: str, typed: str, is_offered: bool, desk: Editor) -> None:
    desk.type(queues_with())
    desk.labels(queues_with("process", "§"))
    found = desk.at(queues_with(place, typed), "textDocument/completion")
    labels = {item["label"] for item in found["items"]}
    assert (labels >= NAMED) is is_offered
    assert not labels & {"nightly", "acme/queues", "x", "xy", "Sales"}
    if is_offered and "'" not in typed:
        (item,) = (one for one in found["items"] if one["label"] == "IT: Support")
        assert item["textEdit"]["newText"].startswith('"IT: Support"')
