"""What becomes of one piece of an existing `prefect.yaml`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.output.lock import PREFECT_PATH
from otac.output.prefect_file import Wanted, data_digest
from otac.output.yaml_events import EventKind
from otac.output.yaml_layout import LayoutPiece


@dataclass(frozen=True, slots=True)
class Fate:
    """`lines` replace the piece; no lines remove it; None keeps it as it stands."""

    piece: LayoutPiece
    lines: tuple[str, ...] | None


def judge(
    text: str,
    piece: LayoutPiece,
    subject: str,
    wanted: Wanted | None,
    known: str | None,
    force: bool,
) -> Fate | Diagnostic:
    """Decide about a piece that has the name of one of ours.

    `wanted` is None where the configuration no longer has it. `known` is the digest of
    the piece as otac last wrote it, None where it never did. `subject` is what messages
    call it.
    """
    if wanted is not None and says(text, piece, wanted):
        return Fate(piece, None)
    ours = known is not None and _digest_of(text, piece) == known
    if not force and (not ours or _has_comment(text, piece)):
        return _foreign(subject) if known is None else _edited(subject, wanted)
    if piece.start < 0:
        return unsplicable(f"{subject} shares a line with something else")
    if anchor := _anchor(piece):
        return unsplicable(f"{subject} holds the anchor `&{anchor}`")
    return Fate(piece, () if wanted is None else wanted.lines)


def says(text: str, piece: LayoutPiece, wanted: Wanted) -> bool:
    """Whether the piece reads as `wanted`, in whatever style and order of keys."""
    if _text_of(text, piece) == wanted.text:
        return True
    return _digest_of(text, piece) == wanted.digest


def unsplicable(reason: str) -> Diagnostic:
    """The file is valid, and otac will not change it."""
    return error(
        "OTC407",
        f"`{PREFECT_PATH}` cannot be changed in place: {reason}",
        help="change that by hand, or move the file away to have it written anew",
        file=PREFECT_PATH,
    )


def _text_of(text: str, piece: LayoutPiece) -> str | None:
    """The piece without indentation and last line end; None if it shares a line."""
    if piece.start < 0:
        return None
    standing = text[piece.start : piece.end].replace("\r\n", "\n").rstrip("\n")
    return "\n".join(
        line if line[: piece.indent].strip() else line[piece.indent :]
        for line in standing.split("\n")
    )


def _digest_of(text: str, piece: LayoutPiece) -> str | None:
    """The digest of the data; None for what does not stand alone or is no JSON."""
    standing = _text_of(text, piece)
    if standing is None:
        return None
    try:
        return data_digest(yaml.safe_load(f"{standing}\n"))
    except (yaml.YAMLError, TypeError, ValueError, RecursionError):
        return None  # an alias to elsewhere, a date, a list that holds itself


def root_values(text: str, pieces: Iterable[LayoutPiece]) -> dict[str, Any]:
    """What some keys of the root read as."""
    values: dict[str, Any] = {}
    for piece in pieces:
        try:
            alone = yaml.safe_load(f"{_text_of(text, piece) or '*'}\n")
        except yaml.YAMLError:
            # An alias to elsewhere; all of a long file takes a second.
            alone = yaml.safe_load(text)
        values[str(piece.name)] = alone.get(piece.name)
    return values


def _has_comment(text: str, piece: LayoutPiece) -> bool:
    """Whether somebody wrote a comment into the piece; otac writes none."""
    between = []
    at = piece.start
    for event in piece.events:
        if event.kind is EventKind.SCALAR:
            between.append(text[at : event.start])
            at = event.end
    return any("#" in gap for gap in [*between, text[at : piece.end]])


def _foreign(subject: str) -> Diagnostic:
    return error(
        "OTC404",
        f"{subject} stands in `{PREFECT_PATH}` already, and otac did not write it",
        help="rename it there or in the configuration, "
        "or run `otac build --force` to overwrite it",
        file=PREFECT_PATH,
    )


def _edited(subject: str, wanted: Wanted | None) -> Diagnostic:
    gone = " and is no longer in the configuration" if wanted is None else ""
    act = "remove" if wanted is None else "overwrite"
    return error(
        "OTC405",
        f"{subject} was edited by hand in `{PREFECT_PATH}`{gone}",
        help="move the change into the configuration, "
        f"or run `otac build --force` to {act} it",
        file=PREFECT_PATH,
    )


def _anchor(piece: LayoutPiece) -> str | None:
    """An anchor that something else in the file may refer to."""
    for event in piece.events:
        if event.anchor is not None and event.kind is not EventKind.ALIAS:
            return event.anchor
    return None
