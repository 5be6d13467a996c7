"""The tables of a run, in terminals of all widths and in files."""

from typing import Any

import pytest

from otac.cli.live.cells import width
from otac.cli.outcome import RunnerSteps
from otac.cli.ticket_table import ticket_table
from otac.local.job import StepEnded
from otac.pipeline import CompileOptions, compile_configuration

_CONFIG = b"""\
orchestrator:
  runners:
    - pipe_id: r
      pipe:
        steps:
          - id: a_step_with_a_name
            steps: [{id: inner, use: Expression, expression: "{{ 1 }}"}]
"""
_LONG = "the helpdesk has refused it: " + "because " * 20


def change(ticket: str, what: str, **more: Any) -> dict[str, Any]:
    blank = {"subject": "a", "from": None, "to": None, "note": None}
    return {"ticket": ticket, **blank, "what": what, **more}


def rows(lines: list[dict[str, Any]], room: int | None) -> list[str]:
    return list(ticket_table(lines, room))


def test_the_changes_of_a_ticket_are_together() -> None:
    moved = change("7", "queue", **{"from": "Incoming", "to": "Billing"})
    noted = change("7", "note", note={"subject": "", "body": "Why.\nAnd more."})
    assert rows([moved, change("8", "new ticket"), noted], None) == [
        "  ticket  subject  what        from      to       note",
        "  7       a        queue       Incoming  Billing",
        "                   note                           Why.",
        "  8       a        new ticket",
    ]


def test_a_subject_plays_no_tricks_on_a_terminal() -> None:
    subject = "\x1b[31mred\x1b]0;title\x07\u202e two\nlines"
    (_, row) = rows([change("1", "note", subject=subject)], None)
    assert row.split("  ")[-2:] == [" ␛[31mred␛]0;title␇� two lines", "note"]


@pytest.mark.parametrize("room", [40, 57, 80, 200])
def test_no_row_is_wider_than_the_terminal(room: int) -> None:
    subject = "請求書の件について 二重に請求されました"
    names = {"from": "Junk::" * 9, "to": "経理部門 請求書"}
    note = {"subject": "Routed " * 9, "body": ""}
    lines = [change("1", "queue", subject=subject, note=note, **names)]
    shown = rows(lines, room)
    assert max(width(row) for row in shown) <= room
    # What has become of it is there on the narrowest one.
    assert shown[0].split()[-1 if room == 40 else 4] == "to"
    assert "経理" in shown[1]
    assert ("請求書の件" in shown[1]) == (room > 40)


def test_a_terminal_gets_a_hundred_rows_and_a_file_all() -> None:
    lines = [change(str(n), "note") for n in range(1000)]
    assert rows(lines, 80)[-1] == "  … and 900 more; `--format json` lists all"
    assert len(rows(lines, 80)) == 102
    assert len(rows(lines, None)) == 1001


def steps(room: int | None, tmp_path: Any) -> list[str]:
    compiled = compile_configuration("c.yml", _CONFIG, tmp_path, CompileOptions())
    assert compiled.project is not None
    outcome = RunnerSteps(compiled.project.runners[0], color=False, room=room)
    path = ("a_step_with_a_name",)
    assert outcome.lines(StepEnded((*path, "inner"), (), "Failed", _LONG, 3, 1.5)) == []
    return outcome.lines(StepEnded(path, (), "Failed", "", 0, 1.5))


def test_a_line_for_each_step_where_nobody_reads_along(tmp_path: Any) -> None:
    assert steps(None, tmp_path) == [
        "  a_step_with_a_name  Failed         1.5 s",
        f"    inner             Failed         1.5 s  3 attempts  {_LONG.rstrip()}",
    ]


@pytest.mark.parametrize("room", [40, 80])
def test_a_reason_is_read_to_its_end(room: int, tmp_path: Any) -> None:
    lines = steps(room, tmp_path)
    assert max(width(line) for line in lines) <= room
    assert lines[0].split() == ["a_step_with_a_name", "Failed", "1.5", "s"]
    words = " ".join(line.strip() for line in lines[1:])
    assert " ".join(words.split()) == f"inner Failed 1.5 s 3 attempts {_LONG.rstrip()}"
