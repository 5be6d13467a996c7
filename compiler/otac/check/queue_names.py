"""Queues that the ticket system does not list."""

from collections.abc import Iterator
from typing import NamedTuple

from otac.check.mention_places import Places
from otac.check.mentions import (
    Mention,
    argument,
    built_in_calls,
    names_in,
    text_at,
)
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.diagnostics.slips import is_slip
from otac.diagnostics.suggest import nearest
from otac.lower.project import Call, Project, Runner
from otac.source.document import Document

# The list says where tickets may go. Where they arrive it need not, nor where a
# classifier shall not put them: there, only a name nearly as one of the list is reported.
_TICKET_SYSTEM = "OTOBOZnunyTicketSystem"


class _Use(NamedTuple):
    """A queue that a step names. `is_target` is true where the step moves tickets there."""

    mention: Mention
    is_target: bool


def check_queue_names(project: Project, document: Document) -> Iterator[Diagnostic]:
    """Warn of queues that the ticket system in use does not list, where it lists any."""
    places = Places(document)
    listed = _listed(project)
    if not listed:
        return
    reported: set[tuple[object, ...]] = set()
    for call, runner in built_in_calls(project):
        service = next(
            (i.service for i in call.injections if i.parameter == "ticket_system"), ""
        )
        known = listed.get(service, ())
        for mention, is_target in _uses(call, runner) if known else ():
            name = mention.text
            if name in known or mention.place in reported:
                continue
            meant = next((one for one in known if is_slip(name, one)), None)
            if is_target:
                meant = meant or nearest(name, known)
            elif meant is None:
                continue
            reported.add(mention.place)
            yield warning(
                "OTC393",
                f"`{service}` lists no queue `{name}`",
                places.of(mention),
                "not one of its `queues`",
                help=f"did you mean `{meant}`?"
                if meant is not None
                else "name one of its queues, or add it there if tickets may go to it",
                suggestion=meant,
            )


def _listed(project: Project) -> dict[str, tuple[str, ...]]:
    """The queues of each service that lists some."""
    found: dict[str, tuple[str, ...]] = {}
    for service in project.services:
        if service.component.name == _TICKET_SYSTEM:
            queues = argument(service.arguments, "queues")
            names = tuple(one.text for one in names_in(queues))
            if names:
                found[service.title] = names
    return found


def _uses(call: Call, runner: Runner) -> Iterator[_Use]:
    for mention in names_in(argument(call.arguments, "queues", runner)):
        yield _Use(mention, is_target=True)
    for mention in _texts(call, runner, "updated_ticket", "queue", "name"):
        yield _Use(mention, is_target=True)
    for path in (
        ("queue",),
        ("low_confidence_queue",),
        ("ticket_search_criteria", "queue", "name"),
        ("new_ticket", "queue", "name"),
    ):
        for mention in _texts(call, runner, *path):
            yield _Use(mention, is_target=False)


def _texts(call: Call, runner: Runner, name: str, *keys: str) -> Iterator[Mention]:
    return text_at(argument(call.arguments, name, runner), runner, *keys)
