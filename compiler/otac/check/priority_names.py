"""Priorities that exist nowhere."""

from collections.abc import Iterator

from otac.check.mention_places import Places
from otac.check.mentions import (
    Mention,
    argument,
    built_in_calls,
    names_in,
    slips,
    text_at,
)
from otac.diagnostics.diagnostic import Diagnostic, Label, warning
from otac.diagnostics.slips import is_slip
from otac.diagnostics.suggest import nearest
from otac.lower.project import Call, Literal, Project, Runner
from otac.source.document import Document

# What components use that are given none; their own list is no part of the compiler.
USUAL = ("1 very low", "2 low", "3 normal", "4 high", "5 very high")
_SHORTEST = 4


def check_priority_names(project: Project, document: Document) -> Iterator[Diagnostic]:
    """Warn of priorities that a step cannot find, or that are named otherwise elsewhere."""
    places = Places(document)
    mentions: list[Mention] = []
    known: set[str] = set()
    reported: set[tuple[object, ...]] = set()
    for call, runner in built_in_calls(project):
        mentions.extend(_mentions(call, runner))
        if _takes_the_usual(call):
            known.update(USUAL)
        for mention, listed in _missing(call, runner):
            if mention.place not in reported:
                reported.add(mention.place)
                yield _unknown(mention, listed, places)
    for mention, meant, first in slips(mentions, _is_slip, known):
        if mention.place in reported:
            continue
        yield warning(
            "OTC393",
            f"priority `{mention.text}` is named only here",
            places.of(mention),
            f"it is usually `{meant}`"
            if first is None
            else f"elsewhere it is `{meant}`",
            help=f"did you mean `{meant}`?",
            suggestion=meant,
            labels=() if first is None else (Label(places.of(first), "the other one"),),
        )


def _is_slip(name: str, other: str, _times: int) -> bool:
    return is_slip(name, other, _SHORTEST)


def _takes_the_usual(call: Call) -> bool:
    return (
        call.component.name in ("CheckEscalations", "ProcessTickets")
        and argument(call.arguments, "priorities") is None
    )


def _missing(call: Call, runner: Runner) -> Iterator[tuple[Mention, tuple[str, ...]]]:
    """A priority to raise to that is not among all priorities: the step would fail."""
    if call.component.name != "CheckEscalations":
        return
    given = argument(call.arguments, "priorities", runner)
    if given is not None and not isinstance(given, Literal):
        return
    listed = USUAL if given is None else tuple(one.text for one in names_in(given))
    for mention in text_at(argument(call.arguments, "raise_to", runner), runner):
        if mention.text not in listed:
            yield mention, listed


def _unknown(mention: Mention, listed: tuple[str, ...], places: Places) -> Diagnostic:
    meant = nearest(mention.text, listed)
    names = ", ".join(f"`{name}`" for name in listed)
    return warning(
        "OTC393",
        f"there is no priority `{mention.text}`",
        places.of(mention),
        "not one of the priorities that the step knows, so it would fail",
        help=f"did you mean `{meant}`?"
        if meant is not None
        else f"write one of {names}, or name all that there are under `priorities`",
        suggestion=meant,
    )


def _mentions(call: Call, runner: Runner) -> Iterator[Mention]:
    for name in ("priorities", "max_age_hours_by_priority"):
        yield from names_in(argument(call.arguments, name, runner))
    yield from text_at(argument(call.arguments, "raise_to", runner), runner)
    for name in ("updated_ticket", "new_ticket"):
        yield from text_at(
            argument(call.arguments, name, runner), runner, "priority", "name"
        )
