"""Edits that keep to the layout around their place: indentation, brackets, quotes."""

import re
from collections.abc import Iterator

from otac.diagnostics.edit import Correction, Edit, How, Reshaping
from otac.source.span import Span

_STEP = "  "
# A line's first key, behind the dashes of list items.
_LEAD = re.compile(r" *(?:- +)*")
_PARENT = re.compile(r"(?P<lead> *(?:- +)*)[^\s#].*:[ \t]*(?:#.*)?")
_REST = re.compile(r"[ \t]*(?:#[^\n]*)?(?=\n|$)")
# What stands on a line before a key, or before its value.
_KEY = re.compile(r" *(?:[\w.\"'-]+:[ \t]+)?")
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
# What is neither in quotes or brackets itself, nor a number, nor a word for a value.
_TEXT = re.compile(r"(?![\"'\[{]|[-+]?\.?\d[\d.]*$|(?:true|false|null)$)")
_ENTRY = re.compile(r" *[\w.\"'-]+:[ \t]+[^\s#][^\n#]*\n")


def reshaped(proposal: Reshaping, text: str) -> Correction | None:
    """The correction in its text; None where the layout is too unusual for one."""
    how, span, word, safety, reason, other = proposal
    if span.via is not None and how is not How.INSTEAD:
        return None
    match how:
        case How.UNDER_KEY:
            edits = _under_key(text, span, word)
        case How.AS_ITEM:
            edits = _as_item(text, span)
        case How.BESIDE:
            edits = _beside(text, span, word)
        case How.BEFORE:
            edits = _before(text, span, word)
        case How.WITHOUT:
            edits = _without(text, span)
        case How.AGAIN:
            edits = _again(text, span, other)
        case How.NEW_ITEM:
            edits = _new_item(text, span, other)
        case How.AS_ITEMS:
            edits = _as_items(text, span, word)
        case How.ARGUMENT:
            edits = _argument(text, span, word)
        case How.INSTEAD:
            edits = iter((Edit(span, in_place_of(text[span.start : span.end], word)),))
        case How.NO_LINES:
            edits = _no_lines(text, span)
    found = tuple(edits)
    return Correction(found, proposal.title, safety, reason) if found else None


def in_place_of(written: str, word: str) -> str:
    """A text in the quotes of the one whose place it takes; anything else as it is."""
    is_quoted = _QUOTED.fullmatch(written) is not None
    quote = written[:1] if is_quoted and _TEXT.match(word) else ""
    return f"{quote}{word}{quote}"


def _under_key(text: str, span: Span, word: str) -> Iterator[Edit]:
    """A list that was given where a mapping belongs that has it under `word`."""
    if text[span.start] == "[":
        yield Edit(Span(span.start, span.start), f"{{{word}: ")
        yield Edit(Span(span.end, span.end), "}")
        return
    line = _line_start(text, span.start)
    column = span.start - line
    above = _PARENT.fullmatch(text[: max(line - 1, 0)].rpartition("\n")[2])
    if text[line : span.start].strip() or above is None:
        return
    outer = len(above["lead"])
    yield Edit(Span(line, line), f"{' ' * outer}{_STEP}{word}:\n")
    if column <= outer:
        yield from _indented(text, Span(line, span.end))


def _as_item(text: str, span: Span) -> Iterator[Edit]:
    """A mapping that was given where a list belongs."""
    if text[span.start] == "{":
        yield Edit(Span(span.start, span.start), "[")
        yield Edit(Span(span.end, span.end), "]")
        return
    line = _line_start(text, span.start)
    if text[line : span.start].strip():
        return
    yield Edit(Span(span.start, span.start), "- ")
    following = text.find("\n", span.start, span.end) + 1
    if following:
        yield from _indented(text, Span(following, span.end))


def _as_items(text: str, span: Span, word: str) -> Iterator[Edit]:
    """Several names, `word` with commas between, where one text was given."""
    line = _line_start(text, span.start)
    before = text[line : span.start]
    lead = _LEAD.fullmatch(before)
    if lead is not None and before.rstrip().endswith("-"):
        between = f"\n{' ' * (before.rindex('-'))}- "
        yield Edit(span, word.replace(", ", between))
    elif before.count("[") > before.count("]"):
        yield Edit(span, word)
    else:
        yield Edit(span, f"[{word}]")


def _indented(text: str, span: Span) -> Iterator[Edit]:
    """All lines of a part deeper by one step; it begins where a line does."""
    at = span.start
    while at < span.end:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if text[at:end].strip():
            yield Edit(Span(at, at), _STEP)
        at = end + 1


def _beside(text: str, span: Span, word: str) -> Iterator[Edit]:
    """An entry behind the one whose value stands at `span`."""
    if _REST.match(text, span.end) is None or _is_in_brackets(text, span.start):
        yield Edit(Span(span.end, span.end), f", {word}")
        return
    line = _line_start(text, span.start)
    lead = _LEAD.match(text, line)
    column = 0 if lead is None else lead.end() - line
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end
    yield Edit(Span(end, end), f"\n{' ' * column}{word}")


def _before(text: str, span: Span, word: str) -> Iterator[Edit]:
    """An entry in front of the one whose key stands at `span`."""
    line = _line_start(text, span.start)
    place = Span(span.start, span.start)
    if _LEAD.fullmatch(text[line : span.start]):
        yield Edit(place, f"{word}\n{' ' * (span.start - line)}")
    elif _is_in_brackets(text, span.start):
        yield Edit(place, f"{word}, ")


def _without(text: str, span: Span) -> Iterator[Edit]:
    """Nothing in place of the entry whose value stands at `span`, on a line of its own.

    A comment on the line may be about more than the entry; then it stays, and so does the
    entry.
    """
    line = _line_start(text, span.start)
    found = _ENTRY.match(text, line)
    is_whole = _KEY.fullmatch(text, line, span.start) is not None
    if found is not None and is_whole and found.end() > span.end:
        yield Edit(Span(line, found.end()), "")


def _no_lines(text: str, span: Span) -> Iterator[Edit]:
    """Nothing in place of an entry or an item that has all its lines to itself."""
    line = _line_start(text, span.start)
    end = text.find("\n", len(text[: span.end].rstrip()))
    end = len(text) if end < 0 else end + 1
    if _LEAD.fullmatch(text, line, span.start) and end > span.start:
        yield Edit(Span(line, end), "")


def _again(text: str, span: Span, first: Span | None) -> Iterator[Edit]:
    """Nothing in place of the entry whose key stands at `span`, if it repeats another."""
    if _is_same(text, span, first):
        yield from _without(text, span)


def _new_item(text: str, span: Span, first: Span | None) -> Iterator[Edit]:
    """A dash before a key that stands below the one that began the item."""
    if first is None or _is_same(text, span, first):
        return
    place, above = (at.start - _line_start(text, at.start) for at in (span, first))
    before = text[first.start - 2 : first.start]
    if place == above and before == "- " and text[span.start - 2 : span.start] == "  ":
        yield Edit(Span(span.start - 2, span.start), "- ")


def _is_same(text: str, span: Span, other: Span | None) -> bool:
    """Whether two entries, each on a line of its own behind dashes, are the same."""
    if other is None:
        return False
    starts = [_line_start(text, at.start) for at in (other, span)]
    leads = [
        _LEAD.fullmatch(text[a : at.start])
        for a, at in zip(starts, (other, span), strict=True)
    ]
    entries = [_ENTRY.match(text, at.start) for at in (other, span)]
    one, two = (found and found[0] for found in entries)
    return all(leads) and one is not None and one == two


def _argument(text: str, span: Span, word: str) -> Iterator[Edit]:
    """A second argument behind the text at `span`, which may have its quotes or not."""
    last = text[span.end - 1]
    if last in "\"'":
        yield Edit(Span(span.end, span.end), f", {last}{word}{last}")
    elif (quote := text[span.end : span.end + 1]) in ("'", '"'):
        end = span.end + 1
        yield Edit(Span(end, end), f", {quote}{word}{quote}")


def _is_in_brackets(text: str, offset: int) -> bool:
    before = text[_line_start(text, offset) : offset]
    return before.count("{") > before.count("}") and "{{" not in before


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1
