"""The corrections that a report offers, so far as they can be made at the same time."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import NamedTuple

from otac.diagnostics.correction import correction
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.edit import Correction, Edit, Safety

_SAFE = (Safety.CERTAIN,)
_UNSAFE = (Safety.CERTAIN, Safety.CONFIRM, Safety.PLACEHOLDER)


class Offer(NamedTuple):
    """A finding and what would answer it."""

    found: Diagnostic
    correction: Correction


def offers(
    found: Iterable[Diagnostic], text: str, *, unsafe: bool
) -> tuple[Offer, ...]:
    """All that may be made; with `unsafe` also what somebody has to confirm or fill in."""
    allowed = _UNSAFE if unsafe else _SAFE
    made = ((one, correction(one, text)) for one in found)
    return tuple(
        Offer(one, meant)
        for one, meant in made
        if meant is not None and meant.safety in allowed
    )


def together(offered: Iterable[Offer]) -> tuple[Offer, ...]:
    """Those that do not overlap; of two that do, the one with the earlier place."""
    taken: list[tuple[int, int]] = []
    chosen: list[Offer] = []
    for one in sorted(offered, key=lambda one: one.correction.edits[0].span[:2]):
        places = [edit.span[:2] for edit in one.correction.edits]
        if not any(_is_taken(place, taken) for place in places):
            chosen.append(one)
            for place in places:
                insort(taken, place)
    return tuple(chosen)


def edits_of(chosen: Iterable[Offer]) -> tuple[Edit, ...]:
    """Their edits, in the order of their places."""
    edits = (edit for one in chosen for edit in one.correction.edits)
    return tuple(sorted(edits, key=lambda edit: edit.span[:2]))


def _is_taken(place: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    """Whether an edit has a character, or a place of insertion, in common with one."""
    start, end = place
    at = bisect_left(taken, place)
    neighbours = taken[max(0, at - 1) : at + 1]
    return any(
        (one < end and start < other) or start == one for one, other in neighbours
    )
