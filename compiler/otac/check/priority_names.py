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
USUAL: tuple[str, ...] = ("1 very low", "2 low", "3 normal", "4 high", "5 very high")
RAISED_TO = "4 high"
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
            if mention.place in reported:
                continue
            reported.add(mention.place)
            if argument(call.arguments, "raise_to") is None:
                yield _without(mention, listed)
            else:
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
    """A priority to raise to that is not among all of them: the step would fail.

    Without `raise_to`, it stands where the priorities are listed.
    """
    if call.component.name != "CheckEscalations":
        return
    given = argument(call.arguments, "priorities", runner)
    listed = USUAL
    if given is not None:
        if not isinstance(given, Literal) or not isinstance(given.data, list):
            return
        listed = tuple(item for item in given.data if isinstance(item, str))
        if len(listed) < len(given.data):
            return
    raised_to = argument(call.arguments, "raise_to", runner)
    if raised_to is None and given is not None and listed and RAISED_TO not in listed:
        yield Mention(RAISED_TO, given.origin), listed
    for mention in text_at(raised_to, runner):
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


def _without(default: Mention, listed: tuple[str, ...]) -> Diagnostic:
    return warning(
        "OTC393",
        f"there is no priority `{default.text}`",
        default.origin,
        "the step raises to it, as it has no `raise_to`, and would fail",
        help=f"write `raise_to: {listed[-1]}`, for example",
    )


def _mentions(call: Call, runner: Runner) -> Iterator[Mention]:
    for name in ("priorities", "max_age_hours_by_priority"):
        yield from names_in(argument(call.arguments, name, runner))
    yield from text_at(argument(call.arguments, "raise_to", runner), runner)
    for name in ("updated_ticket", "new_ticket"):
        yield from text_at(
            argument(call.arguments, name, runner), runner, "priority", "name"
        )
