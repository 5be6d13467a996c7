"""Edits that keep to the layout around their place: indentation, brackets, quotes."""

import re
from collections.abc import Iterator

from otac.diagnostics.edit import Correction, Edit, How, Reshaping
from otac.source.document import Span

_STEP = "  "
# What may be done where an anchor stands, for all who use it.
_IN_A_DEFINITION = (How.SERVICE, How.WITHOUT, How.BEFORE, How.INSTEAD)
# A line's first key, behind the dashes of list items.
_LEAD = re.compile(r" *(?:- +)*")
_PARENT = re.compile(r"(?P<lead> *(?:- +)*)[^\s#].*:[ \t]*(?:#.*)?")
_REST = re.compile(r"[ \t]*(?:#[^\n]*)?(?=\n|$)")
# What stands on a line before a key, or before its value.
_KEY = re.compile(r" *(?:[\w.\"'-]+:[ \t]+)?")
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
# What is neither in quotes or brackets itself, nor a number, nor a word for a value.
_TEXT = re.compile(r"(?![\"'\[{]|[-+]?\.?\d[\d.]*$|(?:true|false|null)$)")
_SERVICES, _DEFINITIONS = (
    re.compile(
        rf"^(?P<margin> *){name}:[ \t]*(?:(?P<open>\{{)[ \t]*|(?:#.*)?\n)", re.MULTILINE
    )
    for name in ("services", "defs")
)
_ORCHESTRATOR = re.compile(r"^(?P<margin> *)orchestrator:", re.MULTILINE)
# The first line of a section, behind empty ones and comments.
_FIRST = re.compile(r"(?:[ \t]*(?:#.*)?\n)*(?P<margin> *)(?P<dash>- )?(?=[^\s#])")
_ASKED_AGAIN = re.compile(
    r"\s*\)(\[\s*(?P<quote>\\?[\"']+)(?P<key>\w+)(?P=quote)\s*\]|\.(?P<name>\w+))"
)
_ID = re.compile(r"id:[^\n#]*")
_ENTRY = re.compile(r" *[\w.\"'-]+:[ \t]+[^\s#][^\n#]*\n")


def reshaped(proposal: Reshaping, text: str) -> Correction | None:
    """The correction in its text; None where the layout is too unusual for one."""
    found: list[Edit] = []
    part: Reshaping | None = proposal
    while part is not None:
        edits = _edits(part, text)
        if not edits:
            return None
        found += edits
        part = part.also
    made = tuple(sorted(found, key=lambda edit: edit.span[:2]))
    return Correction(made, proposal.title, proposal.safety, proposal.reason)


def _edits(proposal: Reshaping, text: str) -> tuple[Edit, ...]:
    how, span, word, _, _, other, lines, _ = proposal
    if span.via is not None and how not in _IN_A_DEFINITION:
        return ()
    match how:
        case How.UNDER_KEY:
            edits = _under_key(text, span, word)
        case How.AS_ITEM:
            edits = _as_item(text, span)
        case How.BESIDE:
            edits = _beside(text, span, word, other)
        case How.BEFORE:
            edits = _before(text, span, word)
        case How.WITHOUT:
            edits = _without(text, span) if other is None else _cut(text, span, other)
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
        case How.OUT:
            edits = _out(text, span, other)
        case How.FIRST:
            edits = _first(text, span, word, lines, alone=other is not None)
        case How.SERVICE:
            edits = _service(text, word, lines)
    return tuple(edits)


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


def _beside(text: str, span: Span, word: str, key: Span | None) -> Iterator[Edit]:
    """An entry behind the one whose value stands at `span`; `key` is where it begins."""
    span = Span(span.start, len(text[: span.end].rstrip()))
    first = span.start if key is None else key.start
    if _REST.match(text, span.end) is None or _is_in_brackets(text, first):
        yield Edit(Span(span.end, span.end), f", {word}")
        return
    line = _line_start(text, first)
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
    lead = text[line : span.start]
    if (_LEAD.fullmatch(lead) or lead.strip() == "-") and end > span.start:
        yield Edit(Span(line, end), "")


def _cut(text: str, span: Span, value: Span) -> Iterator[Edit]:
    """Nothing in place of an entry whose key stands at `span`, and its value at `value`."""
    line = _line_start(text, span.start)
    end = text.find("\n", value.end)
    if _LEAD.fullmatch(text[line : span.start]) and "-" not in text[line : span.start]:
        rest = text[value.end : end] if end >= 0 else text[value.end :]
        if end >= 0 and not rest.strip():
            yield Edit(Span(line, end + 1), "")
        return
    before, behind = text[: span.start].rstrip(" "), text[value.end :].lstrip(" ")
    if behind.startswith(","):
        last = len(text) - len(behind[1:].lstrip(" "))
        yield Edit(Span(span.start, last), "")
    elif before.endswith(","):
        yield Edit(Span(len(before) - 1, value.end), "")
    elif before.endswith("{") and behind.startswith("}"):
        yield Edit(Span(span.start, value.end), "")


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
    """A second argument behind the text at `span`, which may have its quotes or not.

    Where the same word is asked for behind the call, it moves into it.
    """
    last, end = text[span.end - 1], span.end
    if last not in "\"'":
        last, end = text[end : end + 1], end + 1
        if last not in ("'", '"'):
            return
    yield Edit(Span(end, end), f", {last}{word}{last}")
    again = _ASKED_AGAIN.match(text, end)
    if again is not None and word in (again["key"], again["name"]):
        yield Edit(Span(*again.span(1)), "")


def _service(text: str, word: str, lines: tuple[str, ...]) -> Iterator[Edit]:
    """A service called `word` before the first one, or a section with it.

    `lines` are its entries. Releases had services in a list as well as in a mapping.
    """
    found = _SERVICES.search(text) or _DEFINITIONS.search(text)
    if found is None:
        runs = _ORCHESTRATOR.search(text)
        if runs is not None:
            margin = runs["margin"]
            inner = margin + _STEP
            body = "".join(f"{inner}{_STEP}{line}\n" for line in lines)
            at = runs.start()
            yield Edit(Span(at, at), f"{margin}services:\n{inner}{word}:\n{body}")
        return
    if found["open"]:
        at = found.end()
        entries = ", ".join(lines[:1])
        inside = ", ".join(line.strip() for line in lines[2:])
        more = "" if text[at : at + 1] == "}" else ", "
        given = f", params: {{{inside}}}" if inside else ""
        yield Edit(Span(at, at), f"{word}: {{{entries}{given}}}{more}")
        return
    first = _FIRST.match(text, found.end())
    if first is None or len(first["margin"]) < len(found["margin"]):
        return
    margin, at = first["margin"], first.start("margin")
    if first["dash"]:
        head = f"{margin}- id: {word}\n"
    elif len(margin) > len(found["margin"]):
        head = f"{margin}{word}:\n"
    else:
        return
    body = "".join(f"{margin}{_STEP}{line}\n" for line in lines)
    yield Edit(Span(at, at), head + body)


def _out(text: str, span: Span, alias: Span | None) -> Iterator[Edit]:
    """A merge, whose alias stands further in, before the key that stands at `span`."""
    if alias is None:
        return
    line, end = _line_start(text, alias.start), text.find("\n", alias.end) + 1
    entry = text[line:end].strip()
    margin = " " * (span.start - _line_start(text, span.start))
    if entry == f"<<: {text[alias.start : alias.end]}":
        yield Edit(Span(span.start, span.start), f"{entry}\n{margin}")
        yield Edit(Span(line, end), "")


def _first(
    text: str, span: Span, word: str, lines: tuple[str, ...], *, alone: bool
) -> Iterator[Edit]:
    """A step before the one whose first key stands at `span`.

    One that stands `alone`, and in no list, gets one.
    """
    column = span.start - _line_start(text, span.start)
    margin, place = " " * column, Span(span.start, span.start)
    before = text[span.start - column : span.start]
    if _LEAD.fullmatch(before) is None or _is_in_brackets(text, span.start):
        return
    step = (f"id: {word}", *lines)
    if not alone:
        if before.endswith("- "):
            inner = f"\n{margin}".join(step)
            yield Edit(place, f"{inner}\n{margin[:-2]}- ")
        return
    name = _ID.match(text, span.start)
    outer = f"{name[0].rstrip()}\n{margin}steps:" if name is not None else "steps:"
    inner = f"\n{margin}{_STEP * 2}".join(step)
    start = f"{outer}\n{margin}{_STEP}- {inner}\n{margin}{_STEP}- "
    yield Edit(place, start)
    at = text.find("\n", span.start) + 1
    while at:
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)]
        if line.strip() and len(line) - len(line.lstrip(" ")) < column:
            return
        if line.strip():
            yield Edit(Span(at, at), _STEP * 2)
        at = end + 1


def _is_in_brackets(text: str, offset: int) -> bool:
    before = text[_line_start(text, offset) : offset]
    return before.count("{") > before.count("}") and "{{" not in before


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1
