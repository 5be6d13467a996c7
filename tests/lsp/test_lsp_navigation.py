"""Hover, definitions, renaming, the outline and the preview."""

from collections.abc import Iterator

import pytest
from editor import Editor, editing

from command import SOUND, otac

CONFIGURATION = """\
services:
  helpdesk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}
aliases: {route: ProcessTickets}
x-shared: &calm {retries: 1}
notifications:
  - {id: chat, use: slack, url: "{{ secret('slack') }}"}
orchestrator:
  runners:
    - pipe_id: triage
      parameters: {region: north}
      on_failure: chat
      pipe:
        tone: brief
        steps:
          - id: fetch
            use: FetchTickets
            injects: {ticket_system: helpdesk}
            ticket_search_criteria: {queue: {name: Support}}
            <<: *calm
          - id: group
            steps:
              - id: look
                use: Expression
                expression: "{{ params.region ~ 'é😀' ~
                  get_pipe_result('fetch', 'fetched_tickets') }}"
          - id: say
            use: Expression
            if: "{{ has_succeeded('group.look') and has_succeeded('look') }}"
            depends_on: [fetch, group]
            expression: |
              é😀 {{ get_pipe_result('fetch') }} {{ config.tone }}
    - pipe_id: other
      pipe:
        steps:
          - {id: fetch, use: Expression, expression: "1"}
          - {id: say, use: Expression, expression: "{{ get_pipe_result('fetch') }}"}
    - pipe_id: single
      pipe: {use: route, queue: Returns}
      after: triage
"""


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with editing(tmp_path_factory.mktemp("lsp")) as one:
        yield one


def marked(part: str, count: int = 0) -> str:
    """The configuration with a `§` in it, as `part` has one."""
    plain = part.replace("§", "")
    start = -1
    for _ in range(count + 1):
        start = CONFIGURATION.index(plain, start + 1)
    return CONFIGURATION[:start] + part + CONFIGURATION[start + len(plain) :]


@pytest.mark.parametrize(
    ("part", "target"),
    [
        ("get_pipe_result('fe§tch')", ("fetch", 0)),
        ("get_pipe_result('fetch§', 'fetched", ("fetch", 0)),
        ("depends_on: [§fetch", ("fetch", 0)),
        ("has_succeeded('group.lo§ok')", ("look", 0)),
        ("has_succeeded('gro§up.look')", ("group", 0)),
        ("ticket_system: help§desk", ("helpdesk", 0)),
        ("use: rou§te", ("route", 0)),
        ("*ca§lm", ("&calm", 0)),
        ("params.reg§ion", ("region", 0)),
        ("config.to§ne", ("tone", 0)),
        ("after: tri§age", ("triage", 0)),
        ("on_failure: ch§at", ("chat", 0)),
    ],
)
def test_definitions(part: str, target: tuple[str, int], editor: Editor) -> None:
    found = editor.at(marked(part), "textDocument/definition")
    assert found is not None
    assert found["uri"] == editor.uri
    assert found["range"] == editor.range(*target)


def test_a_step_of_the_same_name_in_another_runner(editor: Editor) -> None:
    text = marked("get_pipe_result('fe§tch') }}\"}")
    found = editor.at(text, "textDocument/definition")
    assert found["range"] == editor.range(
        "fetch", CONFIGURATION[: CONFIGURATION.index("{id: fetch")].count("fetch")
    )


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("inj§ects:", ["Services for the component"]),
        ("quer§y", None),
        ("pipe_§id: triage", ["Names the runner"]),
        ("que§ue: Returns", ["The queue whose tickets are routed", "string"]),
        ("use: Fetch§Tickets", ["| parameter |", "`ticket_search_criteria`"]),
        ("use: ro§ute", ["**`ProcessTickets`**", "| `dry_run` | boolean |"]),
        ("get_pipe_result('fe§tch')", ["step **`fetch`**", "fetched_tickets"]),
        ("get_pipe§_result('fetch')", ["get_pipe_result(id, key=..., default=...)"]),
        ("helpde§sk}", ["SqliteTicketSystem"]),
    ],
)
def test_hover(part: str, words: list[str] | None, editor: Editor) -> None:
    if words is None:
        text = CONFIGURATION.replace("url:", "ur§l:")
        assert editor.at(text, "textDocument/hover") is not None
        return
    found = editor.at(marked(part), "textDocument/hover")
    assert found is not None
    for word in words:
        assert word in found["contents"]["value"]


def test_renaming_a_step_changes_all_that_ask_for_it(editor: Editor) -> None:
    text = marked("get_pipe_result('fe§tch')")
    range_ = editor.at(text, "textDocument/prepareRename")
    assert range_["start"]["line"] == range_["end"]["line"]
    found = editor.at(text, "textDocument/rename", newName="get-tickets")
    first, _, rest = CONFIGURATION.partition("    - pipe_id: other")
    renamed = first.replace("id: fetch", "id: get-tickets")
    renamed = renamed.replace("'fetch'", "'get-tickets'").replace(
        "[fetch", "[get-tickets"
    )
    assert editor.edited(found["changes"][editor.uri]) == (
        f"{renamed}    - pipe_id: other{rest}"
    )


def test_renaming_a_composite_changes_paths_through_it(editor: Editor) -> None:
    found = editor.at(marked("id: gro§up"), "textDocument/rename", newName="1.5")
    renamed = CONFIGURATION.replace("id: group", 'id: "1.5"')
    renamed = renamed.replace("'group.look'", "'1.5.look'")
    renamed = renamed.replace("fetch, group]", 'fetch, "1.5"]')
    assert editor.edited(found["changes"][editor.uri]) == renamed


@pytest.mark.parametrize("name", ["say", "two words", ""])
def test_names_that_a_step_cannot_have(name: str, editor: Editor) -> None:
    text = marked("id: gro§up")
    editor.at(text, "textDocument/hover")
    answer = editor.answer(
        "textDocument/rename", editor.place(text) | {"newName": name}
    )
    assert f"`{name}`" in answer["error"]["message"]


def test_references(editor: Editor) -> None:
    text = marked("id: lo§ok")
    found = editor.at(
        text, "textDocument/references", context={"includeDeclaration": True}
    )
    assert [one["range"] for one in found] == [
        editor.range("look", n) for n in range(3)
    ]


def test_the_outline(editor: Editor) -> None:
    editor.at(marked("id: lo§ok"), "textDocument/hover")
    found = editor.ask(
        "textDocument/documentSymbol", {"textDocument": {"uri": editor.uri}}
    )
    assert [one["name"] for one in found] == ["helpdesk", "triage", "other", "single"]
    steps = found[1]["children"]
    assert [one["name"] for one in steps] == ["fetch", "group", "say"]
    assert [one["name"] for one in steps[1]["children"]] == ["look"]
    assert found[1]["selectionRange"] == editor.range("triage")


def test_the_preview_is_what_a_build_writes(
    editor: Editor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("build")
    (folder / "config.yml").write_text(SOUND, encoding="utf-8")
    assert otac("build", "config.yml", "-q", cwd=folder).status == 0
    editor.type(SOUND)
    found = editor.ask(
        "workspace/executeCommand",
        {
            "command": "otac.preview",
            "arguments": [editor.uri, editor.position(SOUND, SOUND.index("triage"))],
        },
    )
    assert found["path"] == "generated/flows/triage.py"
    assert found["text"] == (folder / found["path"]).read_text("utf-8")


NESTED = """\
orchestrator:
  runners:
    - pipe_id: triage
      parameters: {teams: [{code: a}]}
      pipe:
        tone: brief
        steps:
          - use: FetchTickets
            ticket_search_criteria: {limit: 3}
          - {use: FetchTickets, ticket_search_criteria: {limit: 4}}
          - id: each
            for_each: "{{ params.teams }}"
            style: long
            steps:
              - id: say
                use: Expression
                expression: "{{ item.code ~ config.style ~ parent.params.tone ~ params.teams[0].code }}"
              - {id: ask, use: Expression, expression: "{{ get_parent_param('tone') ~ index }}"}
          - id: over
            for_each: [{code: b, size: 1}]
            use: Expression
            expression: "{{ item.size }}{{ get_pipe_result('fetch_tickets') }}{{ get_pipe_result('fetch_tickets_2') }}"
"""


def nested(part: str) -> str:
    assert NESTED.count(part.replace("§", "")) == 1
    return NESTED.replace(part.replace("§", ""), part)


@pytest.mark.parametrize(
    ("part", "target"),
    [
        ("item.co§de ~", ("code", 0)),
        ("it§em.code ~", ("for_each", 0)),
        ("~ ind§ex", ("for_each", 0)),
        ("config.st§yle", ("style", 0)),
        ("parent.params.to§ne", ("tone", 0)),
        ("params.tea§ms[0].code", ("teams", 0)),
        ("get_parent_param('to§ne')", ("tone", 0)),
        ("item.si§ze", ("size", 0)),
        ("par§ent.params.tone", None),
    ],
)
def test_definitions_of_what_names_have_inside(
    part: str, target: tuple[str, int] | None, editor: Editor
) -> None:
    found = editor.at(nested(part), "textDocument/definition")
    assert (None if found is None else found["range"]) == (
        None if target is None else editor.range(*target)
    )


@pytest.mark.parametrize(
    ("asked", "step"),
    [
        ("get_pipe_result('fetch§_tickets')", "use: FetchTickets\n"),
        ("get_pipe_result('fetch_ti§ckets_2')", "{use: FetchTickets,"),
    ],
)
def test_the_definition_of_a_step_without_an_id(
    asked: str, step: str, editor: Editor
) -> None:
    found = editor.at(nested(asked), "textDocument/definition")
    assert found["range"]["start"] == editor.range(step)["start"]


def test_renaming_a_step_without_an_id_gives_it_one(editor: Editor) -> None:
    text = nested("get_pipe_result('fetch_ti§ckets_2')")
    assert editor.at(text, "textDocument/prepareRename") is not None
    found = editor.at(text, "textDocument/rename", newName="more")
    edited = editor.edited(found["changes"][editor.uri])
    assert edited == NESTED.replace(
        "{use: FetchTickets,", "{id: more, use: FetchTickets,"
    ).replace("'fetch_tickets_2'", "'more'")


def test_an_id_is_written_in_a_block_too(editor: Editor) -> None:
    text = NESTED.replace(
        "          - {use: FetchTickets, ticket_search_criteria: {limit: 4}}\n", ""
    ).replace("{{ get_pipe_result('fetch_tickets_2') }}", "")
    editor.type(text)
    found = editor.at(
        text.replace("('fetch_tickets')", "('fetch§_tickets')"),
        "textDocument/rename",
        newName="1",
    )
    edited = editor.edited(found["changes"][editor.uri])
    assert edited == text.replace(
        "- use: FetchTickets\n", '- id: "1"\n            use: FetchTickets\n'
    ).replace("'fetch_tickets'", "'1'")


@pytest.mark.parametrize(
    ("asked", "name", "words"),
    [
        (
            "get_pipe_result('fetch§_tickets')",
            "more",
            "step `fetch_tickets_2` has its id from its place; give it an `id` first",
        ),
        ("id: o§ver", "fetch_tickets", "another step of this runner is called"),
        ("id: o§ver", "fetch_tickets_2", "another step of this runner is called"),
        ("tone: br§ief", "more", "no step is named here"),
    ],
)
def test_renaming_that_would_change_what_others_mean(
    asked: str, name: str, words: str, editor: Editor
) -> None:
    text = nested(asked)
    editor.at(text, "textDocument/hover")
    answer = editor.answer(
        "textDocument/rename", editor.place(text) | {"newName": name}
    )
    assert words in answer["error"]["message"]


def test_a_step_without_an_id_from_an_alias_gets_none(editor: Editor) -> None:
    text = (
        "x-steps: &fetch {use: FetchTickets, ticket_search_criteria: {limit: 3}}\n"
        + NESTED.replace(
            "- use: FetchTickets\n            ticket_search_criteria: {limit: 3}",
            "- *fetch",
        ).replace("- {use: FetchTickets, ", "- {id: b, use: FetchTickets, ")
    )
    marked_text = text.replace("('fetch_tickets')", "('fetch§_tickets')")
    editor.at(marked_text, "textDocument/hover")
    answer = editor.answer(
        "textDocument/rename", editor.place(marked_text) | {"newName": "more"}
    )
    assert "came in through an alias" in answer["error"]["message"]
