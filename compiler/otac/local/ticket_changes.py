"""Sees what a run does to tickets, on ticket systems of all kinds.

Nothing is asked for it: what a ticket was before is known if the run has read it.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from typing import Any

from otac.components.ticket_system import (
    Named,
    NewTicket,
    Note,
    Ticket,
    TicketChanges,
    TicketSystem,
)
from otac.local.ticket_change import TicketChange, of_new

_READING = ("find", "get", "get_many")
_EPOCH = "1970-01-01T00:00:00Z"


class TicketChangesSeen:
    """Tells `look` of each change, once it is done."""

    def __init__(self, look: Callable[[TicketChange], None]) -> None:
        self._look = look

    def __call__(self, service: Any) -> None:
        """Look at a service from now on, if it is a ticket system."""
        if isinstance(service, TicketSystem):
            _Seen(service, self._look)


class _Seen:
    """One ticket system. Its methods are replaced on the object, so that it stays its class."""

    def __init__(self, system: Any, look: Callable[[TicketChange], None]) -> None:
        self._look = look
        # As they were last seen, without the texts.
        self._tickets: dict[str, Ticket] = {}
        # What may have been done, although it raised.
        self._unsure: set[tuple[str, str | None]] = set()
        replaced = dict.fromkeys(_READING, self._reads)
        replaced |= {"create": self._creates, "update": self._updates}
        for name, replace in replaced.items():
            method = getattr(system, name, None)
            if inspect.iscoroutinefunction(method):
                try:
                    setattr(system, name, replace(method))
                except AttributeError:
                    return  # Its class leaves no room on its objects.

    def _reads(
        self, method: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        @wraps(method)
        async def reads(*given: Any, **named: Any) -> Any:
            found = await method(*given, **named)
            self._note(found if isinstance(found, list | tuple) else [found])
            return found

        return reads

    def _creates(
        self, method: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        @wraps(method)
        async def creates(*given: Any, **named: Any) -> Any:
            made = await method(*given, **named)
            ticket = (*given, *named.values())[:1]
            if isinstance(made, Ticket) and isinstance(ticket[0], NewTicket):
                self._note([made])
                self._look(of_new(made.id, ticket[0]))
            return made

        return creates

    def _updates(
        self, method: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        @wraps(method)
        async def updates(*given: Any, **named: Any) -> Any:
            ticket, changes, note = _asked(given, named)
            one = (ticket, named.get("key"))
            before = self._tickets.get(ticket) or _unknown(ticket)
            try:
                done = await method(*given, **named)
            except BaseException:
                self._unsure.add(one)
                raise
            # Under its key it is done only once: by an attempt that heard nothing of it.
            if (done or one in self._unsure) and isinstance(changes, TicketChanges):
                self._look(TicketChange(ticket, before, changes, note))
                self._note([_changed(before, changes)])
            self._unsure.discard(one)
            return done

        return updates

    def _note(self, found: Iterable[Any]) -> None:
        for one in found:
            if isinstance(one, Ticket):
                bare = {"body": "", "notes": (), "applied": frozenset[str]()}
                self._tickets[one.id] = one.model_copy(update=bare)


def _asked(given: tuple[Any, ...], named: dict[str, Any]) -> tuple[str, Any, Any]:
    """Ticket, changes and note, as the protocol calls them."""
    names = ("ticket_id", "changes", "note")
    whole = {**named, **dict(zip(names, given, strict=False))}
    note = whole.get("note")
    return (
        str(whole.get("ticket_id")),
        whole.get("changes"),
        note if isinstance(note, Note) else None,
    )


def _changed(ticket: Ticket, changes: TicketChanges) -> Ticket:
    named = {name: getattr(changes, name) for name in type(changes).model_fields}
    return ticket.model_copy(
        update={name: one for name, one in named.items() if one is not None}
    )


def _unknown(ticket_id: str) -> Ticket:
    """One that the run has not read."""
    return Ticket.model_validate(
        {
            "id": ticket_id,
            "subject": "",
            "body": "",
            "queue": Named(),
            "priority": Named(),
            "state": Named(),
            "customer": "",
            "created": _EPOCH,
        }
    )
