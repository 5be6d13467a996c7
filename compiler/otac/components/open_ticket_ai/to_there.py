"""Built-in services, as components of Open Ticket AI expect them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from otac.components.classifier import Classifier
from otac.components.open_ticket_ai.from_there import (
    ClassifierFromThere,
    TicketSystemFromThere,
)
from otac.components.open_ticket_ai.models import ClassificationResult, UnifiedTicket
from otac.components.open_ticket_ai.plain import customer_from, note_from, plain_data
from otac.components.ticket_system import (
    NewTicket,
    Note,
    Ticket,
    TicketChanges,
    TicketSearch,
    TicketSystem,
)


def to_there(service: Any) -> Any:
    """A service as a component of Open Ticket AI expects it."""
    match service:
        case TicketSystemFromThere() | ClassifierFromThere():
            return service.original
        case TicketSystem():
            return TicketSystemFromHere(service)
        case Classifier():
            return ClassifierFromHere(service)
        case _:
            return service


class TicketSystemFromHere:
    """A built-in ticket system for pipes of Open Ticket AI."""

    def __init__(self, original: TicketSystem) -> None:
        self._original = original

    async def find_tickets(
        self, criteria: Any = None, **more: Any
    ) -> list[UnifiedTicket]:
        search = TicketSearch.model_validate(plain_data(criteria, more))
        return [_unified(each) for each in await self._original.find(search)]

    async def find_first_ticket(
        self, criteria: Any = None, **more: Any
    ) -> UnifiedTicket | None:
        search = plain_data(criteria, more) | {"limit": 1}
        found = await self._original.find(TicketSearch.model_validate(search))
        return _unified(found[0]) if found else None

    async def get_ticket(self, ticket_id: str) -> UnifiedTicket | None:
        return _unified(await self._original.get(str(ticket_id)))

    async def create_ticket(self, ticket: Any = None, **more: Any) -> UnifiedTicket:
        data = plain_data(ticket, more)
        for name in ("id", "notes"):
            data.pop(name, None)
        data["customer"] = customer_from(data.pop("customer", None))
        return _unified(await self._original.create(NewTicket.model_validate(data)))

    async def update_ticket(
        self, ticket_id: str, updates: Any = None, **more: Any
    ) -> bool:
        """Fields that a ticket system here cannot change are refused."""
        data = plain_data(updates, more)
        data.pop("id", None)
        notes = data.pop("notes", None) or []
        if "customer" in data:
            data["customer"] = customer_from(data["customer"])
        changes = TicketChanges.model_validate(data)
        written: list[Note | None] = [*map(note_from, notes), None]
        first, *others = written
        await self._original.update(str(ticket_id), changes, first)
        for note in filter(None, others):
            await self._original.update(str(ticket_id), TicketChanges(), note)
        return True

    async def add_note(self, ticket_id: str, note: Any = None, **more: Any) -> bool:
        written = note_from(plain_data(note, more))
        return await self._original.update(str(ticket_id), TicketChanges(), written)


class ClassifierFromHere:
    """A built-in classifier for pipes of Open Ticket AI."""

    def __init__(self, original: Classifier) -> None:
        self._original = original

    def classify(self, req: Any) -> ClassificationResult:
        """Waits for the classifier, whose loop is not the caller's."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self.aclassify(req)).result()

    async def aclassify(self, req: Any) -> ClassificationResult:
        made = await self._original.classify(
            req.text, model_name=req.model_name or None
        )
        return ClassificationResult(
            label=made.label or "",
            # Pipes from there compare it with a threshold: unknown must not pass.
            confidence=made.confidence or 0,
            scores=made.scores,
        )


def _unified(ticket: Ticket) -> UnifiedTicket:
    customer = {"name": ticket.customer} if ticket.customer else None
    return UnifiedTicket.model_validate(
        {
            "id": ticket.id,
            "subject": ticket.subject,
            "body": ticket.body,
            "queue": ticket.queue.model_dump(),
            "priority": ticket.priority.model_dump(),
            "customer": customer,
            "notes": [
                {"subject": note.subject, "body": note.body} for note in ticket.notes
            ],
        }
    )
