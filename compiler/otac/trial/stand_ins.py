"""What services are replaced by in a trial."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, Protocol

from otac.components.ticket_system import Ticket, TicketSystem
from otac.trial.change import Change
from otac.trial.plan import ServiceEntry

_TICKET_SYSTEM = "ticket_system"
_NOTIFIER = "notifier"


class Told:
    """A notifier that tells nobody; `messages` are subjects and texts."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []

    async def notify(self, subject: str, message: str) -> None:
        """Keeps the message."""
        self.messages.append((subject, message))


class Watch:
    """Sees the services of trials. This one looks away."""

    def built(self, entry: ServiceEntry, service: Any) -> None:
        """A configured service was built, and is kept from now on."""


class Desk(Protocol):
    """What stands for the ticket systems of a trial. `changes` is what steps did to it."""

    @property
    def changes(self) -> Sequence[Change]: ...

    def stand_for(self, entry: ServiceEntry, build: Callable[[], Any]) -> TicketSystem:
        """What a step is given for a ticket system, which `build` would make."""
        ...

    async def tickets(self) -> list[Ticket]:
        """All tickets as they are now; none where they are not the trial's own."""
        ...


class Lender:
    """The services of a trial.

    Those named in `services` are what stands there; for every other ticket system stands
    the desk, every other notifier tells nobody. The rest are the configured ones: built when first
    asked for, and kept for the next trial in `kept`.
    """

    def __init__(
        self,
        entries: Mapping[str, ServiceEntry],
        desk: Desk,
        services: Mapping[str, Any],
        kept: dict[str, Any],
        watch: "Watch",
    ) -> None:
        self._entries = entries
        self._desk = desk
        self._services = services
        self._kept = kept
        self._watch = watch

    def __call__(self, constructor: str, build: Callable[[], Any]) -> Any:
        entry = self._entries[constructor]
        if entry.id in self._services:
            return self._services[entry.id]
        if entry.kind == _TICKET_SYSTEM:
            return self._desk.stand_for(entry, build)
        if constructor not in self._kept:
            service = Told() if entry.kind == _NOTIFIER else build()
            self._watch.built(entry, service)
            self._kept[constructor] = service
        service = self._kept[constructor]
        # What a plugin's service is shows only where it has been made.
        if isinstance(service, TicketSystem):
            return self._desk.stand_for(entry, lambda: service)
        return service


@contextmanager
def failing(service: Any, attempts: int, error: Exception) -> Iterator[None]:
    """Within this, the first calls of any of the service's methods raise the error."""
    left = attempts

    def breaks(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        async def broken(*given: Any, **named: Any) -> Any:
            nonlocal left
            if left > 0:
                left -= 1
                raise error
            return await method(*given, **named)

        return broken

    names = [
        name
        for name, member in inspect.getmembers(type(service))
        if not name.startswith("_") and inspect.iscoroutinefunction(member)
    ]
    for name in names:
        # On the object itself, so that it stays of its class.
        setattr(service, name, breaks(getattr(service, name)))
    try:
        yield
    finally:
        for name in names:
            delattr(service, name)
