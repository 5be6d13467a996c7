"""Scalars as text: as the user wrote them, as far as that says what is meant now."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from otac import source
from otac.output.yaml_writer import escape, flat
from otac.source.document import Document, Mapping, Scalar, ScalarValue, Sequence
from otac.source.properties import resolve
from otac.source.scalar_position import as_written, indentation, subspan

# What must not stand between quotes as it is; some of it breaks lines to other readers.
_ESCAPED = re.compile(
    r'["\\]|[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]'
)
_SINGLE = re.compile(r"[ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*")
_FLOW_INDICATORS = frozenset(",[]{}")
_HEADER = re.compile(r"[|>][-+0-9]*")


class ScalarText(NamedTuple):
    """The lines of a scalar; those behind the first are indented already.

    `is_folded`: a comment goes behind the last line. `is_open`: no empty line may follow.
    """

    lines: tuple[str, ...]
    is_folded: bool = False
    is_open: bool = False


def scalar_text(document: Document, scalar: Scalar, *, in_flow: bool) -> ScalarText:
    """A value as text that reads as exactly this value."""
    value = scalar.value
    own = _own_text(document, scalar)
    if not isinstance(value, str):
        kept = scalar.written is None and not scalar.style and not (in_flow and not own)
        return _line(
            own if kept and is_same_value(resolve(own), value) else flat(value)
        )
    if scalar.written is None and _stays(scalar, own, value, in_flow=in_flow):
        return _line(own)
    for candidate in _candidates(document, scalar, own, value):
        fits = len(candidate.lines) == 1 and candidate.lines[0][:1] not in ("|", ">")
        if (fits or not in_flow) and _reads_as(candidate.lines, value, in_flow):
            return candidate
    return _line(_double(value))


def key_text(document: Document, key: Scalar, new: str | None) -> str:
    """A key as text: as it was, or a new one."""
    own = document.text[key.start : key.end]
    if new is None and key.written is None and own and "\n" not in own:
        return own
    return _plain_or_quoted(key.text if new is None else new)


def _candidates(
    document: Document, scalar: Scalar, own: str, value: str
) -> Iterator[ScalarText]:
    """Ways to write a text, the one nearest to what the user wrote first."""
    block = scalar.style in ("|", ">")
    if own and (scalar.written is None or scalar.written.pieces):
        yield _block(document.text, scalar, own) if block else _folded(own)
    if scalar.style == "'":
        yield _line(_single(value))
    elif scalar.style == '"':
        yield _line(_double(value))
    elif block or value.count("\n") > 1:
        yield _literal(value)
    yield _line(_plain_or_quoted(value))


def _stays(scalar: Scalar, own: str, value: str, *, in_flow: bool) -> bool:
    """Whether one line of the user's can be taken over without reading it again."""
    if "\n" in own or scalar.style in ("|", ">"):
        return False
    if scalar.style:
        return True
    return resolve(own) == value and not (in_flow and _FLOW_INDICATORS & set(own))


def _own_text(document: Document, scalar: Scalar) -> str:
    """What stands in the file, with the parts replaced that have changed."""
    own = document.text[scalar.start : scalar.end]
    written = scalar.written
    if written is None or not written.pieces:
        return own
    before = as_written(scalar)
    at = 0
    edits: list[tuple[int, int, str]] = []
    pieces = (*written.pieces, (len(scalar.text),) * 2 + (len(written.text),) * 2)
    for new_start, new_end, old_start, old_end in pieces:
        if old_start > at:
            edits.append((at, old_start, ""))
        new = scalar.text[new_start:new_end]
        if new != written.text[old_start:old_end]:
            edits.append((old_start, old_end, new))
        at = old_end
    for old_start, old_end, new in reversed(edits):
        place = subspan(document, before, old_start, old_end)
        start, end = place.start - scalar.start, place.end - scalar.start
        own = own[:start] + _escaped(new, scalar.style) + own[end:]
    return own


def _escaped(text: str, style: str) -> str:
    if style == "'":
        return text.replace("'", "''")
    return _ESCAPED.sub(escape, text) if style == '"' else text


def _folded(own: str) -> ScalarText:
    """A plain or quoted scalar, on as many lines as it had."""
    first, *rest = own.split("\n")
    lines = (line.strip(" \t") for line in rest)
    return ScalarText(
        (first, *(f"  {line}" if line else "" for line in lines)), is_folded=True
    )


def _block(text: str, scalar: Scalar, own: str) -> ScalarText:
    """A block as it was, but for how far it is indented."""
    header, *rest = own.split("\n")
    found = _HEADER.match(header)
    marks = "" if found is None else re.sub("[0-9]", "", found.group())
    margin = indentation(text, scalar.start, scalar.shown)
    lines = [line[margin:] for line in rest]
    return _indented_block(marks, lines, scalar.text)


def _literal(value: str) -> ScalarText:
    content = value.rstrip("\n")
    ends = len(value) - len(content)
    mark = "-" if ends == 0 else "+" if ends > 1 else ""
    return _indented_block(f"|{mark}", content.split("\n"), value)


def _indented_block(marks: str, lines: list[str], value: str) -> ScalarText:
    first = next((line for line in lines if line), "")
    if first[:1] in (" ", "\t") or lines[:1] == [""]:
        marks = f"{marks[0]}2{marks[1:]}"
    is_open = marks.endswith("+")
    if is_open:
        ends = len(value) - len(value.rstrip("\n"))
        lines = [*lines, *[""] * max(0, ends - 1)]
    shown = (f"  {line}" if line else "" for line in lines)
    return ScalarText((marks, *shown), is_open=is_open)


def _line(text: str) -> ScalarText:
    return ScalarText((text,))


def _plain_or_quoted(value: str) -> str:
    text = flat(value)
    if not text.startswith('"'):
        return text
    if ('"' in value or "\\" in value) and _SINGLE.fullmatch(value):
        return _single(value)
    return _double(value)


def _single(value: str) -> str:
    if not _SINGLE.fullmatch(value):
        return _double(value)
    return "'" + value.replace("'", "''") + "'"


def _double(value: str) -> str:
    return f'"{_ESCAPED.sub(escape, value)}"'


def _reads_as(lines: tuple[str, ...], value: str, in_flow: bool) -> bool:
    """Whether these lines are read as that text, wherever they stand."""
    shown = "\n".join(lines)
    text = f"- a: {{k: {shown}, l: m}}\n" if in_flow else f"k: {shown}\nl: m\n"
    document = source.read("", text.encode("utf-8", "surrogatepass"))
    if not isinstance(document, Document):
        return False
    root = document.root
    if isinstance(root, Sequence) and isinstance(root.items[0], Mapping):
        root = root.items[0].get("a") or root
    found = root.get("k") if isinstance(root, Mapping) else None
    return isinstance(found, Scalar) and found.value == value


def is_same_value(one: ScalarValue, other: ScalarValue) -> bool:
    if isinstance(one, float):
        return repr(one) == repr(other)
    return type(one) is type(other) and one == other
