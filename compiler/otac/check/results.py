"""Keys of results: what a step is asked for is what it returns."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from otac.check.result_types import ResultTypes, is_closed
from otac.check.scope import StepScope
from otac.config.schema import Schema
from otac.diagnostics.diagnostic import Diagnostic, error, warning
from otac.diagnostics.edit import How, Proposal, Reshaping, Safety
from otac.diagnostics.suggest import nearest
from otac.expressions.reference import (
    ITEM,
    NameReference,
    Path,
    Segment,
    StepReference,
)
from otac.lower.project import Step
from otac.source.document import Span

Place: TypeAlias = Callable[[int, int], Span]
"""The place in the file of characters of an expression."""

# What Jinja finds on a mapping before it looks for a key.
MAPPING_METHODS = frozenset(("get", "items", "keys", "values"))
_LIST = frozenset(("array",))
_LIST_METHODS = frozenset(dir(list))
_ASK_FOR_RESULTS = ("get_pipe_result", "pipe_result")


def check_result(
    reference: StepReference, step: Step, types: ResultTypes, place: Place
) -> Iterator[Diagnostic]:
    """A key that the result of the step does not have, or something further inside."""
    asked = reference.step
    if reference.function not in _ASK_FOR_RESULTS or asked is None:
        return
    result = types.result(step)
    if not reference.computed_key:
        wrong = _key(reference, asked, result, place)
        if wrong is not None:
            yield wrong
            return
    if not reference.guarded:
        inside = types.asked(reference, step)
        yield from _path(inside, reference.path, f"step `{asked.text}`", place)


def check_item(
    reference: NameReference, scope: StepScope, types: ResultTypes, place: Place
) -> Iterator[Diagnostic]:
    """`item.x` where the items have no x."""
    if reference.path and not reference.guarded:
        yield from _path(types.item(scope), reference.path, "`item`", place)


def _key(
    reference: StepReference, asked: Segment, result: Schema, place: Place
) -> Diagnostic | None:
    key = reference.key
    name = "value" if key is None else key.text
    if result.items is not None:
        if name == "value":
            return None
        at = asked if key is None else key
        return error(
            "OTC380",
            f"the result of step `{asked.text}` is a list and has no key `{name}`",
            place(at.start, at.end),
            "the step ran once for each item",
            help=f"write `{reference.function}('{asked.text}')` for the list of all results",
        )
    if not is_closed(result) or name in (result.properties or {}):
        return None
    known = list(result.properties or {})
    listed = ", ".join(f"`{one}`" for one in known)
    if key is None:
        first = reference.path[0].text if reference.path else ""
        meant = first if first in known or not known else known[0]
        return error(
            "OTC380",
            f"the result of step `{asked.text}` has no key `value`",
            place(asked.start, asked.end),
            f"it has {listed}" if known else "it has no keys",
            help=f"write `{reference.function}('{asked.text}', '{meant}')`"
            if known
            else None,
            proposed=_second_argument(place(asked.start, asked.end), known, meant),
        )
    similar = nearest(name, known)
    # A default stands in for the key, and always will.
    report = warning if reference.has_default else error
    return report(
        "OTC380",
        f"the result of step `{asked.text}` has no key `{name}`",
        place(key.start, key.end),
        f"it has {listed}" if known else "it has no keys",
        help=f"did you mean `{similar}`?" if similar else None,
        suggestion=similar,
    )


def _second_argument(asked: Span, known: list[str], meant: str) -> Proposal | None:
    """`meant` is what is asked for behind the call, or the first that is known."""
    if not known:
        return None
    if len(known) == 1:
        return Reshaping(How.ARGUMENT, asked, meant)
    reason = "the step returns more than that"
    return Reshaping(How.ARGUMENT, asked, meant, Safety.CONFIRM, reason)


def _path(schema: Schema, path: Path, owner: str, place: Place) -> Iterator[Diagnostic]:
    report = error
    for segment in path:
        if segment.text == ITEM:
            # Files with such a slip were built before anybody looked at it.
            schema, report = schema.items or Schema(), warning
            continue
        known = schema.properties or {}
        if segment.text in known:
            schema = known[segment.text]
            continue
        if schema.types == _LIST and segment.text not in _LIST_METHODS:
            yield warning(
                "OTC380",
                f"{owner} has no `{segment.text}` here",
                place(segment.start, segment.end),
                "there is a list",
                help=f"ask one of its items for it: `[0].{segment.text}`",
            )
        elif is_closed(schema) and segment.text not in MAPPING_METHODS:
            similar = nearest(segment.text, known)
            listed = ", ".join(f"`{one}`" for one in known)
            yield report(
                "OTC380",
                f"{owner} has no `{segment.text}` here",
                place(segment.start, segment.end),
                f"there are {listed}",
                help=f"did you mean `{similar}`?" if similar else None,
                suggestion=similar,
            )
        return
