"""Services across the border: each side sees the other's in the shape that it knows."""

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from otac.components.classifier import Classification, Classifier
from otac.components.open_ticket_ai.models import (
    ClassificationRequest,
    ClassificationResult,
    TicketSearchCriteria,
    UnifiedNote,
    UnifiedTicket,
)
from otac.components.open_ticket_ai.recognition import (
    is_classifier,
    is_ticket_system,
    model_of,
)
from otac.components.outcome import Fail
from otac.components.ticket_system import (
    Named,
    NewTicket,
    Note,
    Queue,
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


def from_there(service: Any) -> Any:
    """A service of Open Ticket AI as built-in components expect it."""
    if is_ticket_system(service):
        return TicketSystemFromThere(service)
    if is_classifier(service):
        return ClassifierFromThere(service)
    return service


class UndatedTicket(Ticket):
    """Open Ticket AI's tickets do not say when they were created."""

    created: datetime | None = None  # type: ignore[assignment]


class _FromThere:
    """What both kinds share: closing, and everything that only its authors know."""

    def __init__(self, original: Any) -> None:
        self.original = original

    async def aclose(self) -> None:
        """Closes the original if it can be."""
        for name in ("aclose", "close"):
            close = getattr(self.original, name, None)
            if callable(close):
                closing = close()
                if inspect.isawaitable(closing):
                    await closing
                return

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)


class TicketSystemFromThere(_FromThere):
    """A `TicketSystemService` for built-in pipes.

    It cannot find tickets by state or age, change states, remember keys or list queues:
    the service has no method for that, and what is asked for is refused.
    """

    async def find(self, search: TicketSearch) -> list[Ticket]:
        self._refuse(search, "find tickets by", "state", "created_before")
        find = self.original.find_tickets
        criteria = model_of(find, "criteria", TicketSearchCriteria)
        wanted = {
            "queue": None if search.queue is None else search.queue.model_dump(),
            "limit": search.limit,
            "offset": search.offset,
        }
        return [_ticket(each) for each in await find(criteria.model_validate(wanted))]

    async def get(self, ticket_id: str) -> Ticket:
        found = await self.original.get_ticket(ticket_id)
        if found is None:
            raise Fail(f"there is no ticket `{ticket_id}`")
        return _ticket(found)

    async def create(self, ticket: NewTicket) -> Ticket:
        self._refuse(ticket, "create tickets with", "state")
        create = self.original.create_ticket
        made = model_of(create, "ticket", UnifiedTicket).model_validate(
            {
                "subject": ticket.subject,
                "body": ticket.body,
                "queue": ticket.queue.model_dump(),
                "priority": ticket.priority and ticket.priority.model_dump(),
                "customer": {"name": ticket.customer} if ticket.customer else None,
            }
        )
        created = await create(made)
        # Releases before 1.5 returned the id alone.
        if isinstance(created, str | int):
            return _ticket(made.model_copy(update={"id": str(created)}))
        return _ticket(created)

    async def update(
        self,
        ticket_id: str,
        changes: TicketChanges,
        note: Note | None = None,
        *,
        key: str | None = None,
    ) -> bool:
        """Changes first, then the note: there is no request for both."""
        self._refuse(changes, "change", "state")
        if key is not None:
            raise Fail(f"`{self._name}` cannot remember the key of a note")
        changed = changes.model_dump(exclude_none=True)
        if "customer" in changed:
            changed["customer"] = {"name": changed["customer"]}
        if changed:
            update = self.original.update_ticket
            model = model_of(update, "updates", UnifiedTicket)
            if await update(ticket_id, model.model_validate(changed)) is False:
                raise RuntimeError(f"`{self._name}` did not update the ticket")
        if note is not None:
            add = self.original.add_note
            written = {"subject": note.subject, "body": note.body}
            model = model_of(add, "note", UnifiedNote)
            if await add(ticket_id, model.model_validate(written)) is False:
                raise RuntimeError(f"`{self._name}` did not add the note")
        return True

    async def list_queues(self) -> list[Queue]:
        raise Fail(f"`{self._name}` cannot list its queues: name them under `queues`")

    @property
    def _name(self) -> str:
        return type(self.original).__name__

    def _refuse(self, data: BaseModel, what: str, *fields: str) -> None:
        for field in fields:
            if getattr(data, field) is not None:
                raise Fail(f"`{self._name}` cannot {what} `{field}`")


class ClassifierFromThere(_FromThere):
    """A `ClassificationService` for built-in pipes: one label, and no runners-up."""

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        """None where the label is not among `labels`: it has only its own."""
        if not model_name:
            name = type(self.original).__name__
            raise Fail(f"`{name}` needs `model_name` in the step")
        method = getattr(self.original, "aclassify", None) or self.original.classify
        model = _request_model(method)
        request = model.model_validate({"text": text, "model_name": model_name})
        if inspect.iscoroutinefunction(method):
            made = await method(request)
        else:
            made = await asyncio.to_thread(method, request)
        scores = dict(getattr(made, "scores", None) or {made.label: made.confidence})
        if labels is not None:
            scores = {label: each for label, each in scores.items() if label in labels}
        ranked = sorted(scores, key=lambda label: -scores[label])
        return Classification(
            label=ranked[0] if ranked else None,
            confidence=scores[ranked[0]] if ranked else 0,
            scores={label: scores[label] for label in ranked},
        )


class TicketSystemFromHere:
    """A built-in ticket system for pipes of Open Ticket AI."""

    def __init__(self, original: TicketSystem) -> None:
        self._original = original

    async def find_tickets(
        self, criteria: Any = None, **more: Any
    ) -> list[UnifiedTicket]:
        search = TicketSearch.model_validate(_data(criteria, more))
        return [_unified(each) for each in await self._original.find(search)]

    async def find_first_ticket(
        self, criteria: Any = None, **more: Any
    ) -> UnifiedTicket | None:
        search = _data(criteria, more) | {"limit": 1}
        found = await self._original.find(TicketSearch.model_validate(search))
        return _unified(found[0]) if found else None

    async def get_ticket(self, ticket_id: str) -> UnifiedTicket | None:
        return _unified(await self._original.get(str(ticket_id)))

    async def create_ticket(self, ticket: Any = None, **more: Any) -> UnifiedTicket:
        data = _data(ticket, more)
        for name in ("id", "notes"):
            data.pop(name, None)
        data["customer"] = _customer(data.pop("customer", None))
        return _unified(await self._original.create(NewTicket.model_validate(data)))

    async def update_ticket(
        self, ticket_id: str, updates: Any = None, **more: Any
    ) -> bool:
        """Fields that a ticket system here cannot change are refused."""
        data = _data(updates, more)
        data.pop("id", None)
        notes = data.pop("notes", None) or []
        if "customer" in data:
            data["customer"] = _customer(data["customer"])
        changes = TicketChanges.model_validate(data)
        written: list[Note | None] = [*map(_note, notes), None]
        first, *others = written
        await self._original.update(str(ticket_id), changes, first)
        for note in filter(None, others):
            await self._original.update(str(ticket_id), TicketChanges(), note)
        return True

    async def add_note(self, ticket_id: str, note: Any = None, **more: Any) -> bool:
        written = _note(_data(note, more))
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
            label=made.label or "", confidence=made.confidence, scores=made.scores
        )


def _data(model: Any, more: Mapping[str, Any]) -> dict[str, Any]:
    """A model of whichever package, or keywords, as plain data without what is left out."""
    whole = model.model_dump() if isinstance(model, BaseModel) else dict(model or {})
    return {
        key: value.model_dump() if isinstance(value, BaseModel) else value
        for key, value in {**whole, **more}.items()
        if value is not None
    }


def _note(data: Any) -> Note:
    plain = _data(data, {})
    # Pipes of that time know no internal notes; here they are the default.
    return Note(
        subject=plain.get("subject", ""),
        body=plain.get("body", ""),
        internal=plain.get("internal", True),
    )


def _customer(data: Any) -> str:
    if isinstance(data, Mapping):
        return str(data.get("name") or data.get("id") or "")
    return str(data or "")


def _ticket(data: Any) -> Ticket:
    plain = _data(data, {})
    notes: Sequence[Any] = plain.get("notes") or ()
    return UndatedTicket(
        id=str(plain.get("id", "")),
        subject=plain.get("subject", ""),
        body=plain.get("body", ""),
        queue=_named(plain.get("queue")),
        priority=_named(plain.get("priority")),
        state=Named(),
        customer=_customer(plain.get("customer")),
        notes=tuple(_note(each) for each in notes),
    )


def _named(data: Any) -> Named:
    plain = _data(data, {})
    return Named(id=plain.get("id"), name=plain.get("name"))


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


def _request_model(method: Callable[..., Any]) -> type[BaseModel]:
    """That of its first parameter, whatever it is called."""
    name = next(iter(inspect.signature(method).parameters), "req")
    return model_of(method, name, ClassificationRequest)
