"""Edits of the text are edits of the bytes, whatever these look like."""

from hypothesis import given
from hypothesis import strategies as st

from otac.diagnostics.edit import Edit, edited
from otac.fixing.rewrite import rewritten
from otac.source.document import Span
from otac.source.source_text import SourceText

BREAKS = st.sampled_from(("\n", "\r\n", "\r"))
ENCODINGS = st.sampled_from(("utf-8", "utf-8-sig", "utf-16"))
LINES = st.lists(st.text(st.sampled_from("aé😀: -#'\"\t")), min_size=1, max_size=6)


@given(LINES, BREAKS, ENCODINGS, st.data())
def test_the_new_bytes_hold_the_new_text(
    lines: list[str], line_end: str, encoding: str, data: st.DataObject
) -> None:
    old = line_end.join(lines).encode(encoding)
    text = SourceText.decode("", old).text
    places = st.integers(0, len(text))
    cuts = sorted(data.draw(st.lists(places, max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    edits = [
        Edit(Span(a, b), data.draw(st.sampled_from(("", "x", "y\nz"))))
        for a, b in pairs
    ]
    new = rewritten(old, edits)
    assert SourceText.decode("", new).text == edited(text, edits)
    if not edits:
        assert new == old


@given(LINES, LINES, ENCODINGS)
def test_what_is_not_edited_is_as_it_was(
    before: list[str], after: list[str], encoding: str
) -> None:
    # Line ends of all kinds, in one file.
    head, tail = "\r\n".join(before) + "\r\n", "\n" + "\r".join(after) + "\r\n"
    old = f"{head}old{tail}".encode(encoding)
    at = SourceText.decode("", old).text.index("old")
    new = rewritten(old, [Edit(Span(at, at + 3), "new")])
    assert new == f"{head}new{tail}".encode(encoding)


def test_what_is_inserted_has_the_line_ends_of_the_file() -> None:
    assert rewritten(b"a: 1\r\nb: 2\r\n", [Edit(Span(5, 5), "c: 3\n")]) == (
        b"a: 1\r\nc: 3\r\nb: 2\r\n"
    )


def test_marks_of_two_tools_stay() -> None:
    old = "\ufeff\ufeffa: 1\n".encode()
    assert rewritten(old, [Edit(Span(0, 1), "b")]) == "\ufeff\ufeffb: 1\n".encode()
