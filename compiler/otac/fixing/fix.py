"""Bytes of a configuration -> the same with the corrections that its findings offer."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.edit import Edit
from otac.fixing.baseline import (
    FindingsDifference,
    baseline,
    compared,
    moved,
    place_after,
)
from otac.fixing.explained import explaining
from otac.fixing.offers import Offer, edits_of, offers, together
from otac.fixing.rewrite import MadeCorrection, Undone, rewritten
from otac.pipeline import Compiled
from otac.source.source_text import Place, SourceText

# Each with what is wrong after it, by its identity.
_Blame: TypeAlias = Mapping[int, FindingsDifference]
# So many corrections are each tried alone.
_FEW = 16
# Of compilations: a file whose corrections spoil one another may take many.
_MOST_TRIALS = 500
_MOST_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of a file.

    `data` are its bytes now, `compiled` what they compile to. `undone` are corrections
    that would have brought another error, or would not have helped.
    """

    data: bytes
    compiled: Compiled
    made: tuple[MadeCorrection, ...] = ()
    undone: tuple[Undone, ...] = ()


def fix(
    data: bytes,
    compiled: Compiled,
    compile_again: Callable[[bytes], Compiled],
    *,
    unsafe: bool = False,
    explain: bool = False,
    asks: bool = False,
    allowed: Callable[[Offer], bool] = lambda _: True,
) -> Fixed:
    """Make corrections until none is left that helps.

    `compiled` is what the bytes compile to. Every result has been compiled: no error is
    in it that was not there before, and what was answered is gone. With `explain`, the
    reasons of what is not certain are comments. With `asks`, an error that is a question
    may come to light: somebody is there to answer it. Only what is `allowed` is tried.
    """
    fixing = _Fixing(compile_again, unsafe, explain, asks, allowed)
    return fixing.run(Fixed(data, compiled))


class _Fixing:
    def __init__(
        self,
        compile_again: Callable[[bytes], Compiled],
        unsafe: bool,
        explain: bool,
        asks: bool,
        allowed: Callable[[Offer], bool],
    ) -> None:
        self._compile = compile_again
        self._unsafe = unsafe
        self._explain = explain
        self._asks = asks
        self._allowed = allowed
        self._trials = 0

    def run(self, present: Fixed) -> Fixed:
        for _ in range(_MOST_ROUNDS):
            after = self._round(present)
            if after.data == present.data or self._is_over:
                return after
            present = after
        return present

    def _round(self, present: Fixed) -> Fixed:
        """Errors first: with them, warnings may come and go."""
        undone: tuple[Undone, ...] = ()
        for severity in (Severity.ERROR, Severity.WARNING):
            found = present.compiled.report.diagnostics
            asked = [one for one in found if one.severity is severity]
            chosen = self._offers(present, asked)
            if not chosen:
                continue
            after = self._settled(present, chosen)
            undone = (*undone, *after.undone)
            if after.data == present.data:
                after = self._led_on(after)
            if after.data != present.data:
                return replace(after, undone=undone)
        return replace(present, undone=undone)

    @property
    def _is_over(self) -> bool:
        return self._trials >= _MOST_TRIALS

    def _offers(self, present: Fixed, asked: Sequence[Diagnostic]) -> tuple[Offer, ...]:
        text = present.compiled.report.source.text
        offered = offers(asked, text, unsafe=self._unsafe)
        wanted = [one for one in offered if self._allowed(one)]
        if self._explain and self._unsafe and wanted:
            wanted = list(map(explaining(text), wanted))
        return together(wanted)

    def _settled(self, present: Fixed, chosen: tuple[Offer, ...]) -> Fixed:
        """As many of the offers as go together."""
        accepted: tuple[Offer, ...] = ()
        undone: list[Undone] = []
        best = present
        pending = [chosen]
        while pending and not self._is_over:
            some = pending.pop()
            trial = self._tried(present, (*accepted, *some))
            difference = self._difference(present, (*accepted, *some), trial)
            if not difference.new and not difference.kept:
                accepted, best = (*accepted, *some), trial
            elif len(some) == 1:
                undone.append(_undone(present, some[0], difference, trial))
            else:
                blamed = _blamed(some, difference, edits_of(accepted + some))
                rest = tuple(one for one in some if id(one) not in blamed)
                if len(blamed) == len(some) > _FEW:
                    # To try each alone would take long, and each has its own.
                    undone += [
                        _undone(present, one, blamed[id(one)], trial) for one in some
                    ]
                elif rest and blamed:
                    pending += (
                        tuple(one for one in some if id(one) in blamed),
                        rest,
                    )
                else:
                    # Which of them it was; the first half is tried first.
                    half = len(some) // 2
                    pending += (some[half:], some[:half])
        made = (*present.made, *(_made(present, offer) for offer in accepted))
        return Fixed(best.data, best.compiled, made, tuple(undone))

    def _led_on(self, present: Fixed) -> Fixed:
        """Corrections that bring errors, together with the corrections of these.

        Such as one of two typing errors, behind each of which the parser sees no further.
        All that can be are made at once; or else the first one that can alone.
        """
        left = tuple(Offer(one.found, one.correction) for one in present.undone)
        several, tried = left, len(left) > 1
        while tried and several and not self._is_over:
            after = self._followed(present, several)
            if isinstance(after, Fixed):
                return after
            several = tuple(one for one in several if id(one) not in after)
            tried = bool(after)
        for offer in left[:_FEW]:
            after = self._followed(present, (offer,))
            if isinstance(after, Fixed):
                return after
        return present

    def _followed(self, present: Fixed, first: tuple[Offer, ...]) -> Fixed | _Blame:
        """With the corrections of what the first ones bring; or which of them bring more."""
        answered = {id(one.found) for one in first}
        wanted = tuple(
            one
            for one in baseline(present.compiled.report.diagnostics)
            if id(one.found) not in answered
        )
        made = list(present.made)
        chosen = first
        edits: list[Sequence[Edit]] = []
        known = {present.data}
        current = present
        while chosen and not self._is_over:
            made += (_made(current, offer) for offer in chosen)
            current = self._tried(current, chosen)
            if current.data in known:
                return {}
            known.add(current.data)
            edits.append(edits_of(chosen))
            wanted = moved(wanted, edits[-1])
            found = current.compiled.report.diagnostics
            new = self._bad(compared(wanted, (), found).new, first)
            difference = FindingsDifference(new, ())
            if not difference.new:
                return Fixed(current.data, current.compiled, tuple(made))
            chosen = self._offers(current, difference.new)
            if not chosen:
                return _blamed(first, difference, *edits)
        return {}

    def _tried(self, present: Fixed, chosen: Sequence[Offer]) -> Fixed:
        self._trials += 1
        data = rewritten(present.data, edits_of(chosen))
        return Fixed(data, self._compile(data))

    def _difference(
        self, present: Fixed, chosen: Sequence[Offer], trial: Fixed
    ) -> FindingsDifference:
        known = moved(baseline(present.compiled.report.diagnostics), edits_of(chosen))
        mended = [offer.found for offer in chosen]
        found = compared(known, mended, trial.compiled.report.diagnostics)
        return found._replace(new=self._bad(found.new, chosen))

    def _bad(
        self, new: Sequence[Diagnostic], chosen: Sequence[Offer]
    ) -> tuple[Diagnostic, ...]:
        """Of findings that came, those that are as bad as what was to be corrected."""
        has_warnings = any(
            offer.found.severity is not Severity.ERROR for offer in chosen
        )
        return tuple(
            one
            for one in new
            if (has_warnings or one.severity is Severity.ERROR)
            and not (self._asks and one.question is not None)
        )


def _blamed(
    chosen: Sequence[Offer],
    difference: FindingsDifference,
    *edits: Sequence[Edit],
) -> _Blame:
    """Of corrections made together, those next to which something is wrong after them.

    Nobody, where that is wrong has no place. It is only a guess; what follows from it is
    compiled.
    """
    places: list[int] = []
    for one in chosen:
        place = one.correction.edits[0].span.start
        for made in edits:
            place = place_after(place, made)
        places.append(place)
    order = sorted(range(len(chosen)), key=lambda number: places[number])
    starts = [places[number] for number in order]
    found: dict[int, list[Diagnostic]] = {}
    for wrong in (*difference.new, *difference.kept):
        if wrong.span is None:
            return {}
        start = wrong.span.start
        at = bisect_left(starts, start)
        neighbours = range(max(0, at - 1), min(len(starts), at + 1))
        _, near = min((abs(starts[number] - start), number) for number in neighbours)
        found.setdefault(id(chosen[order[near]]), []).append(wrong)
    new = {id(one) for one in difference.new}
    return {
        offer: FindingsDifference(
            tuple(one for one in ones if id(one) in new),
            tuple(one for one in ones if id(one) not in new),
        )
        for offer, ones in found.items()
    }


def _made(present: Fixed, offer: Offer) -> MadeCorrection:
    return made_in(present.compiled.report.source, offer)


def made_in(source: SourceText, offer: Offer) -> MadeCorrection:
    """A correction as it is made in this text."""
    at = offer.found.span or offer.correction.edits[0].span
    return MadeCorrection(*offer, source.place(at.start), source.text)


def _undone(
    present: Fixed, offer: Offer, difference: FindingsDifference, trial: Fixed
) -> Undone:
    place = _place(present, offer.correction.edits[0].span.start)
    brings = difference.new[0] if difference.new else None
    span = None if brings is None else brings.span
    at = None if span is None else _place(trial, span.start)
    return Undone(*offer, place, brings, at)


def _place(present: Fixed, offset: int) -> Place:
    return present.compiled.report.source.place(offset)
