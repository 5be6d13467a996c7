"""What is written into a note about a decision, and what is read from it again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otac.components.decision_record import (
    DecisionRecord,
    Marked,
    RecordedChoice,
    mark,
    same_key,
    unmark,
)
from otac.components.ticket_system import DecidedNote, Note, read_note, write_note

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
RECORD = DecisionRecord(
    at=AT,
    queue=RecordedChoice(
        before="Incoming",
        after="Billing",
        label="Science/Maths",
        confidence=0.93,
        by="KeywordClassifier",
    ),
)
LINE = (
    '[otac {"v": 1, "at": "2026-03-02T09:00:00+00:00", "queue": {"from": "Incoming",'
    ' "to": "Billing", "label": "Science/Maths", "confidence": 0.93,'
    ' "by": "KeywordClassifier"}} process:Incoming]'
)

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
choices = st.builds(
    RecordedChoice,
    before=st.none() | names,
    after=st.none() | names,
    after_id=st.none() | names,
    label=st.none() | names,
    confidence=st.none() | st.floats(0, 1),
    by=st.none() | names,
)
records = st.builds(
    DecisionRecord,
    at=st.just(AT),
    queue=st.none() | choices,
    priority=st.none() | choices,
)


def test_the_line_is_short_and_says_what_was_decided() -> None:
    written = mark("Why.", "process:Incoming", RECORD)
    assert written == f"Why.\n\n{LINE}"
    assert unmark(written) == Marked("Why.", "process:Incoming", RECORD)


@given(names, st.none() | names, st.none() | records)
def test_whatever_was_written_is_read_again(
    text: str, key: str | None, record: DecisionRecord | None
) -> None:
    key = key if key and key.strip() else None
    read = unmark(mark(text, key, record))
    assert read.decision == record
    assert (key is None) == (read.key is None)
    assert key is None or same_key(key, frozenset([str(read.key)]))


@given(records, st.none() | names)
def test_a_text_that_quotes_a_line_has_none_of_its_own(
    record: DecisionRecord, key: str | None
) -> None:
    key = key if key and key.strip() else None
    quoted = mark("A customer wrote this.", "process:Incoming", record)
    read = unmark(mark(quoted, key))
    assert read.decision is None
    assert not same_key("process:Incoming", frozenset([str(read.key)]))


def test_a_key_that_looks_like_a_record_is_a_key() -> None:
    key = mark("", None, RECORD).removeprefix("\n\n[otac ").removesuffix("]")
    read = unmark(mark("Hello.", key))
    assert read.decision is None
    assert same_key(key, frozenset([str(read.key)]))


def test_what_people_write_above_the_line_does_not_matter() -> None:
    edited = f"Called back, see below.\r\nWhy.\r\n\r\n{LINE}\r\n  "
    assert unmark(edited).decision == RECORD


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace('"v": 1', '"v": 2'),
        LINE.replace('"queue": {', '"queue": '),
        LINE.replace("0.93", "93"),
        LINE.replace("0.93", "NaN"),
        LINE.replace('"at": "2026-03-02T09:00:00+00:00", ', ""),
    ],
)
def test_a_damaged_record_is_none_and_the_key_is_still_there(line: str) -> None:
    read = unmark(f"Why.\n\n{line}")
    assert (read.text, read.decision) == ("Why.", None)
    assert same_key("process:Incoming", frozenset([str(read.key)]))


def test_only_an_internal_note_has_a_record() -> None:
    note = DecidedNote(body="Why.", decision=RECORD)
    assert read_note(Note(body=write_note(note, None))) == (note, None)
    shown = DecidedNote(body="Why.", decision=RECORD, internal=False)
    assert write_note(shown, None) == "Why."
    read, _ = read_note(Note(body=f"Why.\n\n{LINE}", internal=False))
    assert type(read) is Note
