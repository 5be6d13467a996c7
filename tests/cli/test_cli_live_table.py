"""The table of `otac dev`: from a value to the lines of a screen."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from otac.cli.live.board import Board, BoardEvent, RunnerRow, Trouble
from otac.cli.live.cells import cut, folded, padded, width
from otac.cli.live.picture import picture
from otac.cli.live.table import TableView
from otac.cli.live.words import reason, span

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
PLAIN = TableView(80, 24, NOW, color=False)
LOG = ".otac/prefect-3.9.1/prefect.log"
URL = "http://127.0.0.1:4200"
BOOM = "config.yml:30: step `fetch` failed after 2 attempts: ValueError: boom"
TROUBLE = Trouble(
    "The last good version is running.",
    (
        "error[OTC202]: unknown key `corn` in a runner",
        "  --> config.yml:27:7",
        "   |",
        '27 |       corn: "0 4 * * *"',
        "   |       ^^^^ a runner has no such key",
        "   |",
        "   = help: did you mean `cron`?",
        "",
        "found 1 error in config.yml",
    ),
)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def ahead(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def board(*rows: RunnerRow, **more: object) -> Board:
    return replace(Board("config.yml", LOG, URL, rows), **more)  # type: ignore[arg-type]


DONE = RunnerRow(
    "triage",
    "every 5 min",
    "Completed",
    since=ago(12),
    due=ahead(41.5),
    tickets=12,
    runs=3,
)
FAILED = RunnerRow(
    "escalations",
    "cron 0 6 * * *",
    "Failed",
    BOOM,
    ago(3),
    failed=True,
    due=ahead(7200),
    runs=4,
    failures=2,
)


def shown(board: Board, view: TableView = PLAIN) -> str:
    """The picture without the space at its ends of lines."""
    lines = picture(board, view)
    assert len(lines) <= view.height
    assert max(map(width, lines)) <= view.width
    return "\n".join(line.rstrip() for line in lines)


def test_one_runner() -> None:
    assert shown(board(DONE), replace(PLAIN, height=12)) == (
        "Prefect is at http://127.0.0.1:4200                         config.yml, 1 runner\n"
        "\n"
        "runner  schedule     next      tickets  runs  last run\n"
        "triage  every 5 min  in 42 s        12     3  Completed 12 s ago\n"
        + "\n" * 7
        + f"Ctrl-C ends all of it.            Prefect's log: {LOG}"
    )


def test_a_reason_stands_below_its_row_where_there_is_room() -> None:
    lines = shown(board(DONE, FAILED)).splitlines()
    assert lines[2:6] == [
        "runner       schedule        next      tickets  runs  failed  last run",
        "triage       every 5 min     in 42 s        12     3       0  Completed 12 s ago",
        "escalations  cron 0 6 * * *  in 2 h                4       2  Failed 3 s ago",
        f"    {BOOM}",
    ]


def test_a_reason_stands_beside_its_row_on_a_wide_screen() -> None:
    lines = shown(board(FAILED), replace(PLAIN, width=140)).splitlines()
    assert lines[3].endswith(f"Failed 3 s ago: {BOOM}")
    assert lines[4] == ""


def test_a_reason_is_cut_where_there_is_no_room() -> None:
    lines = shown(board(*[FAILED] * 9), replace(PLAIN, height=14)).splitlines()
    assert lines[3].endswith("  Failed 3 s ago: config.yml…")
    assert len([line for line in lines if "Failed" in line]) == 9


def test_sixty_runners_in_24_lines() -> None:
    """Failed ones first, then those that run, then those that are due."""
    rows = [
        RunnerRow(
            f"runner_{n:02}",
            "every 5 min",
            "Completed",
            since=ago(n),
            due=ahead(900 - n),
        )
        for n in range(60)
    ]
    rows[33] = replace(FAILED, name="runner_33", since=ago(500))
    rows[44] = replace(FAILED, name="runner_44", since=ago(5))
    rows[55] = RunnerRow(
        "runner_55", "every 5 min", "Running", since=ago(2), going=True
    )
    lines = shown(board(*rows)).splitlines()
    assert "config.yml, 60 runners, 2 failed" in lines[0]
    names = [found[0] for line in lines if (found := re.match(r"runner_\d\d", line))]
    assert names[:5] == [
        "runner_44",
        "runner_33",
        "runner_55",
        "runner_59",
        "runner_58",
    ]
    assert "… and 42 more" in lines
    assert len(names) == 18
    assert len(lines) == 24
    assert lines[-1].startswith("Ctrl-C")


def test_those_that_are_hidden_and_failed_are_counted() -> None:
    lines = shown(board(*[FAILED] * 60)).splitlines()
    assert "… and 42 more, 42 of them failed" in lines


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 200])
@pytest.mark.parametrize("height", [1, 2, 3, 5, 8, 12, 13, 24, 100])
@pytest.mark.parametrize("count", [0, 1, 60])
def test_nothing_is_wider_or_higher_than_the_screen(
    columns: int, height: int, count: int
) -> None:
    rows = [DONE, FAILED, replace(DONE, name="工单分类器", reason="退款" * 90)] * count
    events = tuple(
        BoardEvent(ago(n), f"ev{n} " + "长" * 80, True, n) for n in range(1, 9)
    )
    full = board(*rows[:count], events=events, trouble=TROUBLE)
    for color in (False, True):
        shown(full, TableView(columns, height, NOW, color))


def test_forty_columns() -> None:
    events = (BoardEvent(ago(60), "deployed in 0.4 s: 1 changed"),)
    text = shown(
        board(DONE, FAILED, events=events), replace(PLAIN, width=40, height=14)
    )
    clock = ago(60).astimezone().strftime("%H:%M:%S")
    assert text == (
        "Prefect is at http://127.0.0.1:4200\n"
        "\n"
        "runner      next      last run\n"
        "triage      in 42 s   Completed 12 s ago\n"
        "escalatio…  in 2 h    Failed 3 s ago\n"
        "    config.yml:30: step `fetch` failed\n"
        "    after 2 attempts: ValueError: boom\n"
        "\n"
        f"{clock}  deployed in 0.4 s: 1 changed\n" + "\n" * 4 + f"Log: {LOG}"
    )


def test_wide_characters_are_aligned() -> None:
    wide = replace(DONE, name="工单分类器", moments="cron 每天")
    lines = shown(board(wide, DONE)).splitlines()
    cells = [width(line[: line.index("in 42 s")]) for line in lines[3:5]]
    assert cells[0] == cells[1] == width(lines[2][: lines[2].index("next")])


def test_what_is_wrong_stands_below_the_runners() -> None:
    lines = shown(board(DONE, trouble=TROUBLE)).splitlines()
    at = lines.index("The last good version is running.")
    assert lines[3].startswith("triage")
    assert lines[4] == ""
    assert lines[at : at + 10] == [TROUBLE.title, *TROUBLE.lines]


def test_what_is_wrong_leaves_room_for_runners() -> None:
    long = Trouble(TROUBLE.title, TROUBLE.lines * 20, "`otac check` shows all")
    lines = shown(board(*[DONE] * 60, trouble=long)).splitlines()
    assert any(line.startswith("… and 52 more") for line in lines)
    assert "… 173 more lines; `otac check` shows all" in lines
    assert sum(line.startswith("triage") for line in lines) == 8


def test_the_last_events_with_how_often_they_happened() -> None:
    events = tuple(
        BoardEvent(ago(100 - n), f"event {n}", times=n) for n in range(1, 20)
    )
    lines = shown(board(DONE, events=events)).splitlines()
    told = [line.split("  ", 1)[1] for line in lines if "event" in line]
    assert told == [f"event {n} ({n} times)" for n in range(14, 20)]


def test_colours_take_no_room_and_are_only_there_when_asked_for() -> None:
    full = board(
        DONE, FAILED, trouble=TROUBLE, events=(BoardEvent(NOW, "x", is_bad=True),)
    )
    plain = picture(full, PLAIN)
    colored = picture(full, replace(PLAIN, color=True))
    assert "\x1b" not in "".join(plain)
    assert "\x1b[1;91mFailed\x1b[0m" in "".join(colored)
    assert [re.sub(r"\x1b\[[\d;]*m", "", line) for line in colored] == plain


@pytest.mark.parametrize(
    ("row", "next_run"),
    [
        (RunnerRow("a", "by hand"), ""),
        (RunnerRow("a", "every 10 s", due=ahead(0.2)), "in 1 s"),
        (RunnerRow("a", "every 10 s", due=ago(3)), "now"),
        (RunnerRow("a", "every 10 s", due=ago(30)), "30 s late"),
        (RunnerRow("a", "every 10 s", due=ago(1), starting=True), "starting"),
        (RunnerRow("a", "every 0.5 s", due=ahead(99), ticking=True), "ticking"),
    ],
)
def test_when_the_next_run_starts(row: RunnerRow, next_run: str) -> None:
    lines = shown(board(row)).splitlines()
    at = lines[2].index("next")
    assert lines[3][at:].split("  ")[0] == next_run


def test_before_prefect_answers() -> None:
    lines = shown(replace(board(RunnerRow("triage", "by hand")), url="")).splitlines()
    assert lines[0].startswith("Prefect is starting ...")
    assert lines[3].endswith("no run yet")


def test_a_reason_begins_with_its_place() -> None:
    message = "step `a` failed: ValueError: boom [runner `everything`, my config.yml:17]\nmore"
    assert reason(message) == "my config.yml:17: step `a` failed: ValueError: boom"
    assert reason("queue `q` has\x1b[2J no tickets") == "queue `q` has␛[2J no tickets"
    assert reason("\n") == ""


def test_spans() -> None:
    seconds = (0, 59.9, 60, 3599, 3600, 86_400 * 2.5)
    assert [span(n) for n in seconds] == [
        *("0 s", "59 s", "1 min"),
        *("59 min", "1 h", "2 d"),
    ]


def test_cutting_and_folding_by_cells() -> None:
    assert cut("工单分类", 5) == "工单…"
    assert cut("\x1b[1mabcdef\x1b[0m", 4) == "\x1b[1mabc…\x1b[0m"
    assert padded("工", 4, right=True) == "  工"
    assert folded("  = help: one two three", 14, 4) == [
        "  = help: one",
        "    two three",
    ]
    assert folded("工" * 9, 8, 4) == ["工" * 4, "    工工", "    工工", "    工"]
