"""Labelled tickets from files of every kind, size and state."""

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from otac.diagnostics.diagnostic import Severity
from otac.learning import examples as module
from otac.learning import record_lines
from otac.learning.examples import Example, Examples, read_examples

COLUMNS = "id,subject,body,queue,priority,created\n"


def read(tmp_path: Path, text: str | bytes, name: str = "t.csv") -> Examples:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_examples(path)


def said(found: Examples) -> list[str]:
    """Without the path, which no test knows."""
    return [
        f"{one.code} {one.message.partition('`')[2].partition('`')[2].strip()}"
        for one in found.diagnostics
    ]


def test_a_ticket_of_each_kind_of_file(tmp_path: Path) -> None:
    wanted = Example(
        "7",
        "Toner",
        "It is, again,\nempty",
        "IT",
        "",
        datetime(2026, 3, 2, 9, tzinfo=UTC),
    )
    for name, text in {
        "a.csv": f'{COLUMNS}7,Toner,"It is, again,\nempty",IT,,2026-03-02T09:00:00Z\n',
        "b.csv": "\ufeffID;Subject;Body;Queue;Created\n"
        '7;Toner;"It is, again,\nempty";IT;2026-03-02 09:00\n',
        "c.jsonl": '{"id": 7, "subject": "Toner", "body": "It is, again,\\nempty",'
        ' "queue": "IT", "priority": null, "created": "2026-03-02T09:00:00Z"}\n',
        "d.yml": "- {id: 7, subject: Toner, body: 'It is, again,\n\n  empty', queue: IT,"
        " created: 2026-03-02T10:00:00+01:00}\n",
        "e.yaml": "queues: {IT: computers}\ntickets:\n- id: 7\n  subject: Toner\n"
        "  body: |-\n    It is, again,\n    empty\n  queue: IT\n"
        "  created: 2026-03-02 09:00:00\n",
    }.items():
        found = read(tmp_path, text, name)
        assert (found.tickets, found.diagnostics) == ((wanted,), ()), name


def test_names_of_queues_stay_text(tmp_path: Path) -> None:
    found = read(
        tmp_path, "- {body: a, queue: on}\n- {body: b, queue: 2026}\n", "t.yml"
    )
    assert [one.queue for one in found.tickets] == ["on", "2026"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: it has no header"),
        (COLUMNS, "has no tickets"),
        (
            "id,text,queue\n1,a,IT\n",
            (
                "line 2: there is no column `subject` or `body` for the text; it has `id`,"
                " `text`, `queue`"
            ),
        ),
        (
            "body,queu\na,IT\n",
            (
                "line 2: there is no column `queue` or `priority` for the label; it has"
                " `body`, `queu`; is `queu` meant?"
            ),
        ),
        ("body,queue,body\na,IT,b\n", "line 1: two columns are called `body`"),
        (
            "body,queue\nok,IT\nGr\xfc\xdfe,IT\n".encode("latin-1"),
            "line 3: the line is not UTF-8 (byte 0xfc at 3)",
        ),
        (
            "body,queue\nok,IT\n".encode("utf-16"),
            "line 1: the file is UTF-16, not UTF-8",
        ),
    ],
)
def test_a_file_that_cannot_be_used(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    found = read(tmp_path, text)
    assert found.fails
    assert found.tickets == ()
    assert said(found) == [f"OTC601 {message}"]
    assert found.diagnostics[0].help


def test_other_files_that_cannot_be_used(tmp_path: Path) -> None:
    assert said(read_examples(tmp_path / "no.csv")) == [
        "OTC601 cannot be read: no such file or directory"
    ]
    assert said(read(tmp_path, "body,queue\n", "t.xlsx")) == [
        "OTC601 : its name does not tell what it is"
    ]
    assert said(read(tmp_path, "a: [1\n", "t.yml"))[0].startswith("OTC601 line")
    assert said(read(tmp_path, "a: 1\n", "t.yml")) == [
        "OTC601 line 1: it is not a list of tickets"
    ]


def test_damaged_lines_are_named_and_the_others_used(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "body,queue,created\n"
        "one,IT,\n"
        "two,IT\n"
        "three,IT,yesterday\n"
        '"four\nlines",IT,,\n'
        "five,IT,\n"
        '"six,IT,\n'
        "seven,IT,\n",
    )
    assert [one.body for one in found.tickets] == ["one", "five"]
    assert said(found) == [
        "OTC602 line 3 is left out: it has 2 cells, and the header 3",
        (
            "OTC602 line 4 is left out: `created` is not a time: write"
            " `2026-03-02T09:00:00Z`, not `yesterday`"
        ),
        "OTC602 line 5 is left out: it has 4 cells, and the header 3",
        (
            "OTC602 line 8 is left out: a quoted cell that begins here does not end up to"
            " line 9"
        ),
    ]
    assert {one.severity for one in found.diagnostics} == {Severity.WARNING}
    assert (found.read, found.damaged) == (6, 4)


def test_damaged_json(tmp_path: Path) -> None:
    deep = "[" * 100_000
    found = read(
        tmp_path,
        '{"body": "a", "queue": "IT"}\n{"body": \n[1]\n'
        f'{{"body": {{}}, "queue": "IT"}}\n{deep}\n\n',
        "t.jsonl",
    )
    assert len(found.tickets) == 1
    assert said(found) == [
        "OTC602 line 2 is left out: it is not JSON: Expecting value",
        "OTC602 line 3 is left out: it is not an object (`{...}`)",
        "OTC602 line 4 is left out: `body` is not text",
        "OTC602 line 5 is left out: it is not JSON: nested too deeply",
    ]


def test_many_damaged_lines_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "body,queue\nok,IT\n" + "only\n" * 30)
    assert len(found.diagnostics) == 11
    assert said(found)[-1] == "OTC602 : 20 more tickets are left out"


def test_the_last_ones_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("body,queue\n" + "".join(f"t{n},IT\n" for n in range(50)))
    found = read_examples(path, newest=3)
    assert [one.body for one in found.tickets] == ["t47", "t48", "t49"]
    assert said(found) == ["OTC603 has 50 tickets; the last 3 are used"]
    assert found.read == 50


def test_a_line_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otac.learning.records.LONGEST_LINE", 1000)
    monkeypatch.setattr(record_lines, "LONGEST_LINE", 1 << 20)
    found = read(tmp_path, b"body,queue\n" + b"x" * (2 << 20))
    assert said(found) == ["OTC601 line 2: the line is longer than 1 MB"]


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """60 MB of tickets of which the last ones may take 2 MB; more would go the same way."""
    monkeypatch.setattr(module, "_MOST_CHARACTERS", 2_000_000)
    path = tmp_path / "t.csv"
    with path.open("w") as file:
        file.write("body,queue\n")
        for number in range(30_000):
            file.write(f"{number} {'x' * 2000},IT\n")
    tracemalloc.start()
    found = read_examples(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12_000_000
    assert found.read == 30_000
    assert found.tickets[-1].body.startswith("29999 ")
    assert said(found)[0].startswith("OTC603 has 30000 tickets; the last ")


def test_yaml_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otac.learning.records.LARGEST_YAML", 1 << 20)
    found = read(tmp_path, "- {body: a, queue: b}\n" * 60_000, "t.yml")
    assert said(found) == ["OTC601 : YAML of more than 1 MB is not read"]


def test_long_texts_are_cut(tmp_path: Path) -> None:
    found = read(tmp_path, f"body,queue\n{'x ' * 500_000},IT\n")
    assert len(found.tickets[0].body) == module.LONGEST_TEXT
