"""Writing the decided changes into the text of `prefect.yaml`, and proving them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from otac.output.fate import Fate
from otac.output.prefect_file import LABEL, Wanted
from otac.output.yaml_events import EventKind, UnreadableYaml
from otac.output.yaml_layout import (
    LayoutPiece,
    PrefectLayout,
    Signature,
    Unsplicable,
    layout,
    rendered,
)

_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Patch:
    """What to change, and the comment that marks our pieces in a file of the user's."""

    fates: tuple[Fate, ...]
    new_keys: tuple[Wanted, ...]
    new_items: tuple[Wanted, ...]
    label: str


class _Edit(NamedTuple):
    """`text` for what stands between two offsets; `lines`: it must begin a line."""

    start: int
    end: int
    text: str
    lines: bool = False


def patched(text: str, found: PrefectLayout, patch: Patch) -> str:
    """`text` with the changes made. Raises Unsplicable where that cannot be done."""
    line_end = "\r\n" if text[: text.find("\n") + 1].endswith("\r\n") else "\n"
    edits = [
        *_pieces(text, patch, line_end),
        *_list(text, found, patch, line_end),
        *_bottom(found, patch, line_end),
    ]
    if not edits:
        return text
    new = _applied(text, edits, line_end)
    _prove(text, found, patch, new)
    return new


def _pieces(text: str, patch: Patch, line_end: str) -> Iterable[_Edit]:
    """Replacements and removals, each with the comment of ours directly above."""
    for fate in patch.fates:
        if fate.lines is None:
            continue
        piece = fate.piece
        above = text.rfind("\n", 0, piece.start - 1) + 1 if piece.start else 0
        labelled = text[above : piece.start].strip().startswith(LABEL)
        start = above if labelled else piece.start
        lines = (patch.label, *fate.lines) if fate.lines and labelled else fate.lines
        body = line_end.join(_shifted(lines, piece.indent))
        ends = lines and text[piece.end - 1] == "\n"
        yield _Edit(start, piece.end, body + line_end if ends else body)


def _list(
    text: str, found: PrefectLayout, patch: Patch, line_end: str
) -> Iterable[_Edit]:
    """What happens to the value of `deployments` as a list."""
    key = _deployments(found)
    if key is None:
        return
    value = key.events[1]
    colon = text.find(":", key.opening) + 1
    changed = {id(fate.piece): fate.lines for fate in patch.fates}
    touched = any(changed.get(id(item)) is not None for item in found.items)
    if value.kind is EventKind.LIST and not value.flow:
        if patch.new_items:
            last = found.items[-1]
            yield _insertion(_below(text, last, found), patch, last.indent, line_end)
        elif touched and all(changed.get(id(item)) == () for item in found.items):
            yield _Edit(colon, colon, " []")
    elif patch.new_items and _is_empty(text, key):
        yield _Edit(colon, key.events[-1].end, "")
        yield _insertion(key.end, patch, key.indent + 2, line_end)
    elif patch.new_items or touched:
        if value.kind is EventKind.LIST:
            raise Unsplicable(
                "`deployments` is written in brackets, not one `-` an item"
            )
        raise Unsplicable("`deployments` is not a list")


def _bottom(found: PrefectLayout, patch: Patch, line_end: str) -> Iterable[_Edit]:
    """Keys that the file does not have yet."""
    lines: list[str] = []
    for key in patch.new_keys:
        lines += [patch.label, *key.lines]
    if patch.new_items and _deployments(found) is None:
        lines.append("deployments:")
        for item in patch.new_items:
            lines += [f"  {patch.label}", *item.shifted(2)]
    if lines and any(key.name == "<<" for key in found.keys):
        raise Unsplicable("a merge key `<<` at the root may bring in the same keys")
    if lines:
        body = line_end.join([*_shifted(lines, found.indent), ""])
        yield _Edit(found.bottom, found.bottom, body, lines=True)


def _insertion(offset: int, patch: Patch, indent: int, line_end: str) -> _Edit:
    lines: list[str] = []
    for item in patch.new_items:
        lines += [patch.label, *item.lines]
    body = line_end.join([*_shifted(lines, indent), ""])
    return _Edit(offset, offset, body, lines=True)


def _applied(text: str, edits: list[_Edit], line_end: str) -> str:
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        parts.append(text[at : edit.start])
        before = next((part for part in reversed(parts) if part), "\n")
        if edit.lines and not before.endswith("\n"):
            parts.append(line_end)  # the last line of a file may lack its end
        parts.append(edit.text)
        at = edit.end
    return "".join([*parts, text[at:]])


def _prove(text: str, found: PrefectLayout, patch: Patch, new: str) -> None:
    """Raise unless `new` reads as the user's part unchanged, and ours as wanted."""
    lines = {id(fate.piece): fate.lines for fate in patch.fates}
    keys = _expected(_other_keys(found), lines, patch.new_keys)
    items = _expected(found.items, lines, patch.new_items)
    try:
        after = layout(new)
    except (UnreadableYaml, Unsplicable) as problem:
        raise Unsplicable(f"the result could not be read: {problem}") from problem
    same_list = bool(found.items) != bool(items) or _head(after) == _head(found)
    if (
        [piece.signature for piece in _other_keys(after)] != keys
        or [piece.signature for piece in after.items] != items
        or not same_list
    ):
        raise Unsplicable(
            "what is yours would no longer say the same"
            if text.endswith("\n")
            else "its last line has no line end"
        )


def _expected(
    pieces: Iterable[LayoutPiece],
    changed: dict[int, tuple[str, ...] | None],
    new: Iterable[Wanted],
) -> list[Signature]:
    signatures = []
    for piece in pieces:
        lines = changed.get(id(piece))
        if lines is None:
            signatures.append(piece.signature)
        elif lines:
            signatures.append(rendered(lines))
    return signatures + [rendered(wanted.lines) for wanted in new]


def _deployments(found: PrefectLayout) -> LayoutPiece | None:
    return next((key for key in found.keys if key.name == "deployments"), None)


def _other_keys(found: PrefectLayout) -> list[LayoutPiece]:
    return [key for key in found.keys if key.name != "deployments"]


def _head(found: PrefectLayout) -> Signature | None:
    """The key `deployments` and how its list begins; all of it where it has no items."""
    key = _deployments(found)
    if key is None:
        return None
    return key.signature[:2] if found.items else key.signature


def _is_empty(text: str, key: LayoutPiece) -> bool:
    """Whether the value is null or `[]`, without anything in it that would be lost."""
    value = key.events[1]
    if value.anchor is not None or value.tag is not None:
        return False
    if value.kind is EventKind.SCALAR:
        return value.plain and value.value in _NULLS
    inside = text[value.start + 1 : key.events[-1].end - 1]
    return value.kind is EventKind.LIST and not inside.strip()


def _below(text: str, item: LayoutPiece, found: PrefectLayout) -> int:
    """Where a further item goes: behind the comments that are indented as the list is."""
    best = offset = item.after
    while offset < len(text):
        end = text.find("\n", offset) + 1 or len(text)
        line = text[offset:end]
        content = line.lstrip(" ")
        if content.startswith("#") and len(line) - len(content) > found.indent:
            best = end
        elif content.strip():
            break
        offset = end
    return best


def _shifted(lines: Sequence[str], indent: int) -> list[str]:
    return [" " * indent + line if line else line for line in lines]
