"""What services are replaced by in a trial."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

from otac.components.ticket_system import Ticket, TicketSystem
from otac.local.ticket_change import TicketChange
from otac.trial.plan import ServiceEntry

_TICKET_SYSTEM = "ticket_system"
_NOTIFIER = "notifier"


class SilentNotifier:
    """A notifier that tells nobody; `messages` are subjects and texts."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []

    async def notify(self, subject: str, message: str) -> None:
        """Keeps the message."""
        self.messages.append((subject, message))


class ServiceWatch:
    """Sees the services of trials. This one looks away."""

    def built(self, entry: ServiceEntry, service: Any) -> None:
        """A configured service was built, and is kept from now on."""


class Desk(Protocol):
    """What stands for the ticket systems of a trial. `changes` is what steps did to it."""

    @property
    def changes(self) -> Sequence[TicketChange]: ...

    def stand_for(self, entry: ServiceEntry, build: Callable[[], Any]) -> TicketSystem:
        """What a step is given for a ticket system, which `build` would make."""
        ...

    async def tickets(self) -> list[Ticket]:
        """All tickets as they are now; none where they are not the trial's own."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for services: `others` by their ids, the desk for other ticket systems.

    Those of `real` are built anew for the trial.
    """

    desk: Desk
    others: Mapping[str, Any]
    real: frozenset[str] = frozenset()


class Lender:
    """The services of a trial.

    A notifier for which nothing stands tells nobody. The rest are the configured ones:
    built when first asked for, and kept for the next trial in `kept`. `lent` is told of
    each service that is handed out, by its id.
    """

    def __init__(
        self,
        entries: Mapping[str, ServiceEntry],
        standing: Standing,
        kept: dict[str, Any],
        watch: ServiceWatch,
        lent: Callable[[str, Any], None],
    ) -> None:
        self._entries = entries
        self._standing = standing
        self._kept = kept
        self._watch = watch
        self._lent = lent
        self._real: dict[str, Any] = {}

    async def aclose(self) -> None:
        """Closes what was built for this trial alone."""
        for service in self._real.values():
            if (close := getattr(service, "aclose", None)) is not None:
                await close()

    def __call__(self, constructor: str, build: Callable[[], Any]) -> Any:
        entry = self._entries[constructor]
        service = self._service(entry, constructor, build)
        self._lent(entry.id, service)
        return service

    def _service(
        self, entry: ServiceEntry, constructor: str, build: Callable[[], Any]
    ) -> Any:
        standing = self._standing
        if entry.id in standing.real:
            if entry.id not in self._real:
                self._real[entry.id] = build()
            return self._real[entry.id]
        if entry.id in standing.others:
            return standing.others[entry.id]
        if entry.kind == _TICKET_SYSTEM:
            return standing.desk.stand_for(entry, build)
        if constructor not in self._kept:
            service = SilentNotifier() if entry.kind == _NOTIFIER else build()
            self._watch.built(entry, service)
            self._kept[constructor] = service
        service = self._kept[constructor]
        # What a plugin's service is shows only where it has been made.
        if isinstance(service, TicketSystem):
            return standing.desk.stand_for(entry, lambda: service)
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
