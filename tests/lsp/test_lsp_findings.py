"""Findings as one types, over the pipes of a real `otac lsp`."""

from pathlib import Path

import pytest
from editor import Editor, editing

from command import BROKEN, SOUND, otac
from otac.diagnostics.catalogue import page

MISSPELT = SOUND.replace("CheckEscalations", "CheckEscalation")


def test_they_come_and_go(tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        editor.open(MISSPELT)
        (found,) = editor.findings()
        assert found["code"] == "OTC320"
        assert found["severity"] == 1
        assert found["source"] == "otac"
        assert found["range"] == editor.range("CheckEscalation")
        assert "`CheckEscalation` is not known" in found["message"]
        assert found["data"]["suggestion"] == "CheckEscalations"
        link = found["codeDescription"]["href"].removeprefix("file://")
        assert Path(link).read_text("utf-8") == page("OTC320")
        editor.type(SOUND)
        assert editor.findings() == []


def test_second_places_are_related(tmp_path: Path) -> None:
    text = SOUND + "    - pipe_id: triage\n      pipe: {use: CheckEscalations}\n"
    with editing(tmp_path) as editor:
        editor.open(text)
        related = [
            one
            for found in editor.findings()
            for one in found.get("relatedInformation") or ()
        ]
        assert related[0]["location"]["uri"] == editor.uri
        assert related[0]["location"]["range"] == editor.range("triage")


def test_they_are_those_of_check(tmp_path: Path) -> None:
    text = BROKEN + "      crom: '* * * * *'\n"
    (tmp_path / "config.yml").write_text(text, encoding="utf-8")
    checked = otac("check", "config.yml", "--format", "concise", cwd=tmp_path)
    with editing(tmp_path) as editor:
        editor.open(text)
        codes = sorted(found["code"] for found in editor.findings())
    assert len(codes) == 2
    assert all(code in checked.err + checked.out for code in codes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_are_the_editors_own(encoding: str, end: str, tmp_path: Path) -> None:
    text = (
        "\ufefforchestrator: {runners: [{pipe_id: a, description: '😀é', "
        "pipe: {use: Chek}}]} # é\n"
        "services: {x: {use: SqliteTicketSistem}} # \u2028 is no end of a line\n"
        "x-1: 1\nbad😀key: 1\n"
    ).replace("\n", end)
    with editing(tmp_path, encoding) as editor:
        assert editor.capabilities["positionEncoding"] == encoding
        editor.open(text)
        places = [found["range"] for found in editor.findings()]
        assert editor.range("bad😀key") in places


def test_other_files_stay_silent(tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        editor.open("version: '3'\nservices:\n  web: {image: nginx, ports: [80\n")
        editor.open(MISSPELT)
        # What comes first is about the second text.
        assert [found["code"] for found in editor.findings()] == ["OTC320"]


def test_a_key_that_is_being_changed_does_not_silence(tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        editor.open(MISSPELT)
        editor.findings()
        editor.type(MISSPELT.replace("orchestrator", "orch"))
        assert editor.findings() != []


def test_an_older_form_has_findings_too(tmp_path: Path) -> None:
    text = """\
open_ticket_ai:
  orchestrator:
    runners:
      - "on": [{use: "base:IntervalTrigger", params: {minutes: 5}}]
        run: {id: count, use: "base:ExpresionPipe", params: {expression: "1"}}
"""
    with editing(tmp_path) as editor:
        editor.open(text)
        found = editor.findings()
        assert editor.range('"base:ExpresionPipe"') in [one["range"] for one in found]


def test_closing_takes_them_away(tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        editor.open(MISSPELT)
        editor.findings()
        editor.tell("textDocument/didClose", {"textDocument": {"uri": editor.uri}})
        assert editor.findings() == []


def actions(editor: Editor, found: dict[str, object]) -> list[dict[str, object]]:
    answer = editor.ask(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": editor.uri},
            "range": found["range"],
            "context": {"diagnostics": [found]},
        },
    )
    assert isinstance(answer, list)
    return answer


def test_a_fix_of_several_edits(tmp_path: Path) -> None:
    text = SOUND.replace(
        "pipe: {use: CheckEscalations}", "pipe: [{use: CheckEscalations}]"
    )
    with editing(tmp_path) as editor:
        editor.open(text)
        (action,) = actions(editor, editor.findings()[0])
        assert action["title"] == "Write `steps:` above the list"
        edits = action["edit"]["changes"][editor.uri]  # type: ignore[index]
        assert editor.edited(edits) == SOUND.replace(
            "pipe: {use: CheckEscalations}", "pipe: {steps: [{use: CheckEscalations}]}"
        )


def test_all_that_is_certain_is_fixed_at_once(tmp_path: Path) -> None:
    text = MISSPELT.replace("runners", "runers") + "      tagz: [a]\n"
    with editing(tmp_path) as editor:
        editor.open(text)
        editor.findings()
        (action,) = editor.ask(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": editor.uri},
                "range": editor.range("services"),
                "context": {"diagnostics": [], "only": ["source.fixAll"]},
            },
        )
        assert "edit" not in action
        resolved = editor.ask("codeAction/resolve", action)
        edits = resolved["edit"]["changes"][editor.uri]
        assert editor.edited(edits) == SOUND + "      tags: [a]\n"


def test_a_suggestion_is_a_fix(tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        editor.open(MISSPELT)
        (action,) = actions(editor, editor.findings()[0])
        assert action["title"] == "Replace with `CheckEscalations`"
        assert action["isPreferred"] is True
        edits = action["edit"]["changes"][editor.uri]  # type: ignore[index]
        assert editor.edited(edits) == SOUND


def test_a_fix_keeps_quotes(tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        editor.open(MISSPELT.replace("CheckEscalation", '"CheckEscalation"'))
        (action,) = actions(editor, editor.findings()[0])
        edits = action["edit"]["changes"][editor.uri]  # type: ignore[index]
        assert '"CheckEscalations"' in editor.edited(edits)


UNUSED = SOUND.replace(
    "{path: helpdesk.db}}}",
    "{path: helpdesk.db}}, spare: {use: KeywordClassifier, labels: {A: [b]}}}",
)
LATE = """\
services: {helpdesk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}}
orchestrator:
  runners:
    - pipe_id: triage
      cron: "30 2 * * *"
      timezone: Europe/Berlin
      pipe:
        steps:
          - {id: fetch, use: FetchTickets, ticket_search_criteria: {limit: 1}, if: "{{ env.X == 'a' }}"}
          - id: say
            use: Expression
            expression: >-
              tickets:
              {{ get_pipe_result('fetch', 'fetched_tickets') }}
"""


@pytest.mark.parametrize("text", [UNUSED, LATE])
def test_a_warning_can_be_silenced_where_it_stands(text: str, tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        editor.open(text)
        warnings = [one for one in editor.findings() if one["severity"] == 2]
        assert warnings
        for found in warnings:
            silence = [
                action
                for action in actions(editor, found)
                if action["title"] == f"Silence {found['code']} here"
            ]
            edits = silence[0]["edit"]["changes"][editor.uri]  # type: ignore[index]
            (tmp_path / "config.yml").write_text(editor.edited(edits), "utf-8")
            checked = otac("check", "config.yml", "--format", "json", cwd=tmp_path)
            assert found["message"].split("\n")[0] not in checked.out + checked.err
