"""Services of Open Ticket AI, as built-in components expect them."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from otac.components.classifier import Classification
from otac.components.escape import in_thread
from otac.components.open_ticket_ai.models import (
    ClassificationRequest,
    TicketSearchCriteria,
    UnifiedNote,
    UnifiedTicket,
)
from otac.components.open_ticket_ai.plain import customer_from, note_from, plain_data
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
)


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
            made = await in_thread(method, request)
        scores = dict(getattr(made, "scores", None) or {made.label: made.confidence})
        if labels is not None:
            scores = {label: each for label, each in scores.items() if label in labels}
        ranked = sorted(scores, key=lambda label: -scores[label])
        return Classification(
            label=ranked[0] if ranked else None,
            confidence=scores[ranked[0]] if ranked else 0,
            scores={label: scores[label] for label in ranked},
            reason=None
            if ranked
            else f"its model says `{made.label}`, which is none of the labels",
        )


def _ticket(data: Any) -> Ticket:
    plain = plain_data(data, {})
    notes: Sequence[Any] = plain.get("notes") or ()
    return UndatedTicket(
        id=str(plain.get("id", "")),
        subject=plain.get("subject", ""),
        body=plain.get("body", ""),
        queue=_named(plain.get("queue")),
        priority=_named(plain.get("priority")),
        state=Named(),
        customer=customer_from(plain.get("customer")),
        notes=tuple(note_from(each) for each in notes),
    )


def _named(data: Any) -> Named:
    plain = plain_data(data, {})
    return Named(id=plain.get("id"), name=plain.get("name"))


def _request_model(method: Callable[..., Any]) -> type[BaseModel]:
    """That of its first parameter, whatever it is called."""
    name = next(iter(inspect.signature(method).parameters), "req")
    return model_of(method, name, ClassificationRequest)
