"""What was wrong before, and what of it is wrong after."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.edit import Edit

_HEARD = (Severity.ERROR, Severity.WARNING)


class KnownFinding(NamedTuple):
    """A finding of an earlier text; `at` is where it would stand in the present one.

    None for one without a place.
    """

    found: Diagnostic
    at: int | None


class FindingsDifference(NamedTuple):
    """Findings that are new, and those of the asked ones that are still there."""

    new: tuple[Diagnostic, ...]
    kept: tuple[Diagnostic, ...]


def baseline(found: Iterable[Diagnostic]) -> tuple[KnownFinding, ...]:
    """What is wrong with a text, notes left out."""
    return tuple(
        KnownFinding(one, None if one.span is None else one.span.start)
        for one in found
        if one.severity in _HEARD
    )


def moved(
    known: Iterable[KnownFinding], edits: Sequence[Edit]
) -> tuple[KnownFinding, ...]:
    """The same for the text with edits."""
    return tuple(
        one._replace(at=None if one.at is None else place_after(one.at, edits))
        for one in known
    )


def compared(
    known: Iterable[KnownFinding],
    mended: Iterable[Diagnostic],
    after: Iterable[Diagnostic],
) -> FindingsDifference:
    """What is said of a text that should have no more than is known, and not `mended`.

    A finding is an old one where code and message are the same, or code and place:
    messages name what else there is, which may just have been corrected.
    """
    gone = Counter(map(id, mended))
    left = [one for one in known if not gone[id(one.found)]]
    expected = [one for one in known if gone[id(one.found)]]
    new = [one for one in after if one.severity in _HEARD]
    new = _unmatched(new, left)
    kept: list[Diagnostic] = []
    others = _unmatched(new, expected, kept)
    return FindingsDifference(tuple(others), tuple(kept))


def _unmatched(
    after: Sequence[Diagnostic],
    known: Sequence[KnownFinding],
    matched: list[Diagnostic] | None = None,
) -> list[Diagnostic]:
    """Those of `after` that are none of the known ones, each of which is one at most."""
    by_message = Counter((one.found.code, one.found.message) for one in known)
    rest: list[Diagnostic] = []
    used: Counter[tuple[str, str]] = Counter()
    for one in after:
        key = one.code, one.message
        if used[key] < by_message[key]:
            used[key] += 1
            if matched is not None:
                matched.append(one)
        else:
            rest.append(one)
    by_place: Counter[tuple[str, int]] = Counter()
    for old in known:
        key = old.found.code, old.found.message
        if used[key]:
            used[key] -= 1
        elif old.at is not None:
            by_place[old.found.code, old.at] += 1
    left: list[Diagnostic] = []
    for one in rest:
        place = one.code, -1 if one.span is None else one.span.start
        if by_place[place]:
            by_place[place] -= 1
            if matched is not None:
                matched.append(one)
        else:
            left.append(one)
    return left


def place_after(offset: int, edits: Sequence[Edit]) -> int:
    """Where a place is after edits; within one, its beginning."""
    shift = 0
    for span, text in edits:
        if span.start >= offset:
            break
        if span.end > offset:
            return span.start + shift
        shift += len(text) - (span.end - span.start)
    return offset + shift
