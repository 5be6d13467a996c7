"""Files of tests in an editor, over the pipes of a real `otac lsp`."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from editor import Editor, editing
from edits import edited

from otac.lsp.beside import Beside, runner_at
from otac.lsp.completion import complete
from otac.lsp.definition import definition
from otac.lsp.hover import hover
from otac.lsp.jobs import CheckTests, OpenText, check_tests
from otac.lsp.state import State
from otac.lsp.told import ToldSymbols
from otac.lsp.translation import Translation

CONFIG = """\
services:
  words: {use: KeywordClassifier, params: {labels: {Billing: [invoice]}}}
  desk: {use: SqliteTicketSystem, params: {path: desk.db, seed: desk.yml}}
orchestrator:
  runners:
    - pipe_id: triage
      parameters: {inbox: Incoming}
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            injects: {ticket_system: desk}
            params: {ticket_search_criteria: {queue: {name: "{{ params.inbox }}"}}}
          - id: each
            for_each: "{{ get_pipe_result('fetch', 'fetched_tickets') }}"
            steps:
              - id: classify
                use: Classify
                injects: {classification_service: words}
                params: {text: "{{ item.subject }}"}
              - id: move
                if: "{{ get_pipe_result('classify', 'label') is not none }}"
                use: UpdateTicket
                injects: {ticket_system: desk}
                params:
                  ticket_id: "{{ item.id }}"
                  updated_ticket:
                    queue: {name: "{{ get_pipe_result('classify', 'label') }}"}
    - pipe_id: other
      pipe: {use: Expression, expression: "{{ get_env('INBOX', default='1') }}"}
"""
DESK = """\
queues: {Incoming: "", Archive: "", Billing: ""}
tickets: [{id: 1, queue: Incoming, subject: s}]
"""
TESTS = """\
tests:
  - name: an invoice goes to Billing
    runner: triage
    parameters: {inbox: Incoming}
    services:
      words: {answers: [{when: invoice, label: Billing}]}
    tickets:
      - {id: 7, queue: Incoming, subject: an invoice}
      - {queue: Incoming, subject: a printer}
    failures:
      - {step: fetch, error: "503 Service Unavailable"}
    expect:
      state: Completed
      tickets:
        7: {queue: Billing}
      steps:
        each: succeeded
        move[0]: succeeded
      results:
        classify[0].label: Billing

  - name: nothing is there
    runner: triage
    expect:
      steps: {fetch: succeeded}
"""


def write(folder: Path) -> None:
    (folder / "config.yml").write_text(CONFIG, "utf-8")
    (folder / "desk.yml").write_text(DESK, "utf-8")
    (folder / "tests").mkdir()
    (folder / "tests" / "some.yml").write_text(TESTS, "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


@pytest.fixture
def editor(folder: Path) -> Iterator[Editor]:
    with editing(folder) as editor:
        editor.turn_to(folder / "tests" / "some.yml")
        yield editor


def run(editor: Editor, *arguments: Any) -> Any:
    asked = {"command": "otac.runTest", "arguments": list(arguments)}
    return editor.ask("workspace/executeCommand", asked)


def lenses(editor: Editor) -> list[tuple[int, str]]:
    """The line and title of each."""
    document = {"textDocument": {"uri": editor.uri}}
    found = editor.ask("textDocument/codeLens", document)
    return [(one["range"]["start"]["line"], one["command"]["title"]) for one in found]


def eventually(ask: Any, wanted: Any) -> None:
    late = time.monotonic() + 60
    while (found := ask()) != wanted:
        assert time.monotonic() < late, found
        time.sleep(0.1)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """A session that only answers questions about one text."""
    folder = tmp_path_factory.mktemp("reading")
    write(folder)
    with editing(folder) as editor:
        editor.turn_to(folder / "tests" / "some.yml")
        # Queues of the helpdesk's own file are known once all was checked.
        editor.open(TESTS.replace("state: Completed", "state: Complete"))
        editor.findings()
        editor.type(TESTS)
        editor.findings()
        yield editor


STEPS = {"fetch", "each", "classify", "move"}


@pytest.mark.parametrize(
    ("before", "after", "offered"),
    [
        ("runner: triage\n    exp", "runner: §\n    exp", {"triage", "other"}),
        ("    parameters", "    §\n    parameters", {"now", "env", "queues", "real"}),
        ("{inbox:", "{§inbox:", set()),
        ("inbox: Incoming}", "inbox: Incoming, §}", set()),
        ("parameters: {inbox: Incoming}", "parameters: {§}", {"inbox"}),
        ("    parameters", "    env: {§}\n    parameters", {"INBOX"}),
        ("      words:", "      §:", {"words", "classifier"}),
        ("    expect:\n      state", "    real: [§]\n    expect:\n      state",
         {"words", "desk", "classifier", "ticket_system"}),
        ("step: fetch,", "step: §,", STEPS),
        ("- {step: fetch, error", "- {§ error", {"step", "service", "attempts"}),
        ("steps: {fetch", "steps: {§", STEPS),
        ("state: Completed", "state: §", {"Completed", "Failed"}),
        ("each: succeeded", "each: §", {"succeeded", "skipped"}),
        ("        7: {q", "        §\n        7: {q", {"8"}),
        ("7: {queue: Billing", "7: {queue: §", {"Incoming", "Archive", "Billing"}),
        ("7: {queue: Billing", "7: {queue: Billing, §", {"notes", "priority"}),
        ("        classify[0].label", "        §", {"fetch.fetched_tickets"}),
        ("        classify[0].label", "        classify[0].l§", {"classify[0].label"}),
    ],
)  # fmt: skip
def test_what_is_offered(
    reader: Editor, before: str, after: str, offered: set[str]
) -> None:
    assert before in TESTS
    labels = reader.labels(TESTS.replace(before, after, 1))
    assert set(labels) >= offered
    assert len(labels) == len(set(labels))
    if not offered:
        assert labels == []


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("§", {"tests"}),
        ("# of triage\nte§", {"tests"}),
        ("tests:\n  §", {"- name", "- runner"}),
        ("tests:\n  - §", {"name", "runner"}),
        ("tests:\n  - name: a\n    runner: §", {"triage", "other"}),
        ("tests:\n  - runner: triage\n    tickets:\n      §", {"- queue"}),
        ("tests:\n  - runner: triage\n    tickets:\n      - {queue: §", {"Archive"}),
        ("tests:\n  - runner: triage\n    expect:\n      steps:\n        §", STEPS),
    ],
)
def test_a_file_that_is_being_begun(
    reader: Editor, text: str, offered: set[str]
) -> None:
    assert set(reader.labels(text)) >= offered


def test_an_empty_file_among_tests(editor: Editor, folder: Path) -> None:
    editor.turn_to(folder / "tests" / "new.yml")
    editor.open("# of triage\n")
    assert editor.labels("# of triage\n§") == ["$schema", "tests"]
    # It may become one of tickets.
    editor.type("queues: {Incoming: ''}\n")
    assert editor.labels("queues: {Incoming: ''}\n§") == []
    # Elsewhere it may become anything.
    editor.turn_to(folder / "new.yml")
    editor.open("# of triage\n")
    assert editor.labels("# of triage\n§") == []


def test_what_is_inserted_can_be_read(reader: Editor) -> None:
    marked = TESTS.replace("        classify[0].label", "        classify[0].co§")
    found = reader.at(marked, "textDocument/completion")["items"]
    (item,) = [one for one in found if one["label"] == "classify[0].confidence"]
    text = reader.edited([item["textEdit"]])
    assert '        "classify[0].confidence": Billing' in text


def test_a_step_of_another_runner_is_not_offered(reader: Editor) -> None:
    text = TESTS.replace("runner: triage\n    expect", "runner: other\n    expect")
    assert reader.labels(text.replace("steps: {fetch", "steps: {§")) == ["other"]


def test_the_text_that_is_not_saved_counts(editor: Editor, folder: Path) -> None:
    editor.turn_to(folder / "config.yml")
    editor.open(CONFIG.replace("pipe_id: other", "pipe_id: another"))
    editor.turn_to(folder / "tests" / "some.yml")
    text = TESTS.replace("runner: triage\n    expect", "runner: §\n    expect")
    assert editor.labels(text) == ["triage", "another"]
    # Also where it is no configuration at this moment.
    editor.turn_to(folder / "config.yml")
    editor.type(CONFIG.replace("pipe_id: other", 'pipe_id: "other'))
    editor.turn_to(folder / "tests" / "some.yml")
    editor.text = text.replace("§", "")
    assert editor.labels(text) == ["triage", "another"]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("runner: tri§age", "runner **`triage`**"),
        ("words§: {ans", "KeywordClassifier"),
        ("step: fe§tch", "`fetched_tickets`"),
        ("mo§ve[0]", "step **`each.move`**"),
        ("classify[0].la§bel", "step **`each.classify`**"),
        ("ticke§ts:\n      - ", "All tickets of the helpdesk"),
    ],
)
def test_what_a_name_means(reader: Editor, place: str, said: str) -> None:
    before = place.replace("§", "")
    found = reader.at(TESTS.replace(before, place, 1), "textDocument/hover")
    assert said in found["contents"]["value"]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("runner: tri§age", "    - pipe_id: triage"),
        ("parameters: {in§box", "      parameters: {inbox:"),
        ("wo§rds: {ans", "  words: {use: K"),
        ("step: fe§tch", "          - id: fetch"),
        ("mo§ve[0]", "              - id: move"),
        ("classify[0].la§bel", "              - id: classify"),
    ],
)
def test_where_it_is(reader: Editor, place: str, line: str) -> None:
    before = place.replace("§", "")
    found = reader.at(TESTS.replace(before, place, 1), "textDocument/definition")
    assert found["uri"] == reader.uri.replace("tests/some.yml", "config.yml")
    lines = CONFIG.splitlines()
    assert lines[found["range"]["start"]["line"]].startswith(line)


def test_the_ticket_of_an_expectation(reader: Editor) -> None:
    marked = TESTS.replace("7: {queue: B", "7§: {queue: B")
    found = reader.at(marked, "textDocument/definition")
    assert found == {"uri": reader.uri, "range": reader.range("7")}


def test_findings_come_while_one_types(editor: Editor) -> None:
    editor.open(TESTS.replace("runner: triage", "runner: triag", 1))
    (found,) = editor.findings()
    assert (found["code"], found["range"]) == ("OTC663", editor.range("triag"))
    fixes = editor.ask(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": editor.uri},
            "range": found["range"],
            "context": {"diagnostics": [found]},
        },
    )
    assert [one["title"] for one in fixes] == ["Replace with `triage`"]
    (edits,) = fixes[0]["edit"]["changes"].values()
    assert editor.edited(edits) == TESTS
    editor.type(TESTS)
    assert editor.findings() == []
    for old, new, code in (
        ("each: succeeded", "eahc: succeeded", "OTC663"),
        ("state: Completed", "stat: Completed", "OTC202"),
        ("nothing is there", "an invoice goes to Billing", "OTC664"),
        ("words: {ans", "desk: {ans", "OTC666"),
        ("{fetch: succeeded}", "{}", "OTC662"),
        ("    parameters", "    now: yesterday\n    parameters", "OTC668"),
        ("tickets:\n      - ", 'tickets: "\n      - ', "OTC1"),
        ("{inbox: Incoming}", "{inbox: Incoming}\n    tickets: none.csv", "OTC1"),
    ):
        assert old in TESTS
        editor.type(TESTS.replace(old, new, 1))
        assert all(one["code"].startswith(code) for one in editor.findings()), code


def test_a_configuration_that_does_not_compile_brings_no_follow_on(
    editor: Editor, folder: Path
) -> None:
    editor.open(TESTS.replace("nothing is there", "an invoice goes to Billing"))
    assert [one["code"] for one in editor.findings()] == ["OTC664"]
    editor.turn_to(folder / "config.yml")
    # The runner that the tests are about is misspelt, and nothing else can be known.
    broken = CONFIG.replace("use: FetchTickets", "use: FetchTicket")
    editor.open(broken.replace("pipe_id: triage", "pipe_id: triag"))
    assert [one["code"] for one in editor.findings()] == ["OTC320"]
    editor.turn_to(folder / "tests" / "some.yml")
    assert [one["code"] for one in editor.findings()] == ["OTC664"]
    # What is mended in the configuration is seen in the tests, which nobody touched.
    editor.turn_to(folder / "config.yml")
    editor.type(CONFIG.replace("pipe_id: triage", "pipe_id: triag"))
    editor.turn_to(folder / "tests" / "some.yml")
    codes = [one["code"] for one in editor.findings()]
    assert codes == ["OTC664", "OTC663", "OTC663"]


def test_what_is_wrong_with_a_file_of_tickets_stands_where_it_is_named(
    editor: Editor, folder: Path
) -> None:
    desk = DESK.replace("queue: Incoming", "queu: Incoming")
    (folder / "tests" / "desk.yml").write_text(desk, "utf-8")
    named = "    tickets: desk.yml\n    expect:\n      steps: {"
    editor.open(TESTS.replace("    expect:\n      steps: {", named))
    found = [one for one in editor.findings() if one["code"] == "OTC202"]
    assert found
    assert all(one["range"] == editor.range("desk.yml") for one in found)
    assert found[0]["message"].startswith("desk.yml:2:")


def test_tests_outside_of_a_project(editor: Editor, folder: Path) -> None:
    away = folder / "away" / "some.yml"
    (folder / "config.yml").rename(folder / "there.yml")
    editor.turn_to(away)
    editor.open(TESTS)
    (found,) = editor.findings()
    assert (found["code"], found["severity"]) == ("OTC669", 3)
    labels = editor.labels(TESTS.replace("    runner", "    §\n    runner", 1))
    assert "env" in labels
    answer = run(editor, editor.uri)
    assert answer["reasons"] == ["no configuration is known that these tests are about"]
    # The only configuration that is open is meant.
    editor.turn_to(folder / "there.yml")
    editor.open(CONFIG)
    eventually(lambda: lenses(editor), [(5, "2 tests"), (28, "no tests")])


@pytest.mark.parametrize(
    "text",
    [
        "tests:\n  script: [make test]\n",
        "rule_files: [a]\ntests:\n  - interval: 1m\n    runner: a\n",
        "services: {a: {image: b}}\n",
    ],
)
def test_files_of_other_tools_are_left_alone(editor: Editor, text: str) -> None:
    editor.turn_to(Path(editor.uri.removeprefix("file://")).with_name("ci.yml"))
    editor.open(text)
    assert editor.labels(text + "§") == []
    assert lenses_or_none(editor) is None


def lenses_or_none(editor: Editor) -> Any:
    document = {"textDocument": {"uri": editor.uri}}
    return editor.ask("textDocument/codeLens", document)


def test_which_tests_touch_a_runner(editor: Editor, folder: Path) -> None:
    editor.turn_to(folder / "config.yml")
    editor.open(CONFIG)
    # Nothing of the tests is open: they are found in the folder.
    eventually(lambda: lenses(editor), [(5, "2 tests"), (28, "no tests")])
    marked = CONFIG.replace("pipe_id: triage", "pipe_id: tri§age")
    said = editor.at(marked, "textDocument/hover")["contents"]["value"]
    assert said == (
        "runner **`triage`** — 2 tests\n\n"
        "- an invoice goes to Billing\n- nothing is there"
    )
    found = editor.at(
        marked, "textDocument/references", context={"includeDeclaration": True}
    )
    some = (folder / "tests" / "some.yml").as_uri()
    assert [(one["uri"], one["range"]["start"]["line"]) for one in found] == [
        (editor.uri, 5),
        (some, 1),
        (some, 21),
    ]
    # An open file counts as it is typed, and another one once it is written.
    editor.turn_to(folder / "tests" / "some.yml")
    editor.open(TESTS.replace("runner: triage\n    exp", "runner: other\n    exp"))
    assert lenses(editor) == [(1, "run this test"), (21, "run this test")]
    editor.turn_to(folder / "config.yml")
    assert lenses(editor) == [(5, "1 test"), (28, "1 test")]
    (folder / "tests" / "more.yml").write_text(TESTS, "utf-8")
    editor.tell("textDocument/didSave", {"textDocument": {"uri": editor.uri}})
    eventually(lambda: lenses(editor), [(5, "3 tests"), (28, "1 test")])


def test_a_test_is_run_as_it_stands_in_the_editor(editor: Editor, folder: Path) -> None:
    # Neither is what lies in the folder.
    config = CONFIG.replace("labels: {Billing", "labels: {Hardware: [printer], Billing")
    text = TESTS.replace("7: {queue: Billing}", "7: {queue: Hardware}")
    editor.turn_to(folder / "config.yml")
    editor.open(config)
    editor.turn_to(folder / "tests" / "some.yml")
    editor.open(text)
    name = "an invoice goes to Billing"
    assert run(editor, editor.uri, name) == {
        "passed": [],
        "failed": [name],
        "reasons": [],
    }
    assert editor.message() == {"type": 2, "message": f"1 test failed: `{name}`"}
    (found,) = editor.findings()
    assert (found["code"], found["range"]) == ("OTC660", editor.range("Hardware"))
    assert "came `Billing`" in found["message"]
    (fix,) = editor.ask(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": editor.uri},
            "range": found["range"],
            "context": {"diagnostics": [found]},
        },
    )
    assert (fix["title"], fix["isPreferred"]) == ("Expect `Billing`", False)
    assert editor.edited(fix["edit"]["changes"][editor.uri]) == TESTS
    assert lenses(editor) == [(1, "failed; run it again"), (21, "run this test")]
    # It stays where it is while something else is typed, and goes with its test.
    editor.type(f"# one more line\n{text}")
    (found,) = editor.findings()
    assert found["range"] == editor.range("Hardware")
    editor.type(TESTS)
    assert editor.findings() == []
    assert lenses(editor)[0] == (1, "run this test")
    assert run(editor, editor.uri, name)["passed"] == [name]
    assert editor.message()["message"].startswith("1 test passed in ")
    # It says nothing of another configuration.
    editor.turn_to(folder / "config.yml")
    editor.type(CONFIG)
    editor.turn_to(folder / "tests" / "some.yml")
    assert lenses(editor)[0] == (1, "run this test")


def test_the_tests_of_a_runner_are_run(editor: Editor, folder: Path) -> None:
    text = TESTS.replace("fetch: succeeded", "fetch: failed")
    (folder / "tests" / "some.yml").write_text(text, "utf-8")
    editor.turn_to(folder / "config.yml")
    editor.open(CONFIG)
    eventually(lambda: lenses(editor), [(5, "2 tests"), (28, "no tests")])
    answer = run(editor, editor.uri, "triage")
    assert answer["passed"] == ["an invoice goes to Billing"]
    assert answer["failed"] == ["nothing is there"]
    # The file is not open; its findings are shown all the same, until they are not true.
    config = editor.uri
    editor.turn_to(folder / "tests" / "some.yml")
    (found,) = editor.findings()
    assert (found["code"], found["range"]["start"]["line"]) == ("OTC660", 24)
    editor.uri = config
    editor.type(f"{CONFIG}# more\n")
    editor.turn_to(folder / "tests" / "some.yml")
    assert editor.findings() == []


def test_what_cannot_be_run_says_why(editor: Editor, folder: Path) -> None:
    editor.open(TESTS.replace("step: fetch", "step: fetsh"))
    name = "an invoice goes to Billing"
    assert run(editor, editor.uri)["reasons"] == [
        f"`{name}` has errors and was not run"
    ]
    assert run(editor, editor.uri, "another")["reasons"] == []
    assert editor.message()["message"].startswith("1 test passed")
    assert editor.message()["message"] == "there is no such test"
    editor.type(TESTS.replace("state: Completed", '"'))
    assert run(editor, editor.uri)["reasons"] == [
        "`some.yml` has errors and was not run"
    ]
    editor.turn_to(folder / "config.yml")
    editor.open(CONFIG.replace("use: FetchTickets", "use: FetchTicket"))
    editor.turn_to(folder / "tests" / "some.yml")
    assert run(editor, editor.uri)["reasons"] == [
        "`config.yml` has errors: nothing was run"
    ]
    asked = {"command": "otac.runTest", "arguments": [editor.uri, 1]}
    error = editor.answer("workspace/executeCommand", asked)["error"]
    assert error["code"] == -32602


def test_the_outline_of_tests(reader: Editor) -> None:
    reader.type(TESTS)
    document = {"textDocument": {"uri": reader.uri}}
    found = reader.ask("textDocument/documentSymbol", document)
    assert [(one["name"], one["detail"]) for one in found] == [
        ("an invoice goes to Billing", "triage"),
        ("nothing is there", "triage"),
    ]


def test_many_tests_are_answered_at_once(editor: Editor) -> None:
    listed = TESTS.removeprefix("tests:\n").replace("\n\n", "\n")
    many = "".join(
        listed.replace("- name: ", f"- name: {number} ") for number in range(1000)
    )
    text = f"tests:\n{many}"
    editor.open(text)
    document = {"textDocument": {"uri": editor.uri}}
    assert len(editor.ask("textDocument/documentSymbol", document)) == 2000
    times: list[float] = []
    start = text.rindex("runner: triage") + len("runner: tri")
    for count in range(1, 16):
        typed = f"{text[:start]}{'x' * count}{text[start:]}"
        editor.type(typed)
        began = time.perf_counter()
        place = {"position": editor.position(typed, start), **document}
        found = editor.ask("textDocument/completion", place)["items"]
        times.append(time.perf_counter() - began)
        assert [one["label"] for one in found] == ["triage", "other"]
    # 0.05 s on an idle machine (`make bench`); this one may be busy.
    assert sorted(times)[len(times) // 2] < 0.25, json.dumps(times)


def test_no_place_of_any_text_raises(folder: Path) -> None:
    states: dict[str, State] = {}
    beside = Beside(states)
    states["config"] = State("config.yml", folder, CONFIG, None, beside)
    told = ToldSymbols()
    chance = random.Random("tests")
    state = None
    for _ in range(60):
        text = edited(chance, TESTS)
        state = State("some.yml", folder / "tests", text, state, beside)
        states["tests"] = state
        told.items(state, Translation("file:///some.yml", state, "utf-16"))
        for offset in range(0, len(text), max(1, len(text) // 25)):
            complete(state, offset)
            for ask in (hover, definition, runner_at):
                ask(state, offset)
        worker = check_tests(
            CheckTests(
                OpenText("some.yml", folder / "tests", state.text),
                OpenText("config.yml", folder, CONFIG),
            ),
            states["config"].compiled,
        )
        spans = [one.span for one in worker.found if one.span is not None]
        assert all(0 <= one.start <= one.end <= len(state.text) for one in spans)
