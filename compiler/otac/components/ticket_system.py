"""What a ticket system is to a component, and the data that pass between them."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from otac.components.decision_record import DecisionRecord, mark, unmark
from otac.components.outcome import Fail
from otac.components.refusal import printable

# People write ids as numbers; ticket systems have them as text.
Identifier = Annotated[str, WithJsonSchema({"type": ["string", "integer"]})]
_NUMBER = re.compile("[0-9]{1,18}")


def ticket_number(ticket_id: str) -> int:
    """A ticket's id as our ticket systems count; `Fail` for anything else."""
    if _NUMBER.fullmatch(ticket_id) is None:
        raise Fail(f"there is no ticket `{printable(ticket_id)}`")
    return int(ticket_id)


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Named(_Data):
    """A queue, priority or state, by id or by name; the id counts if both are given."""

    id: Annotated[Identifier | None, Field(description="Id in the ticket system")] = (
        None
    )
    name: Annotated[str | None, Field(description="Name, as people read it")] = None


class Queue(_Data):
    """A queue tickets can be routed to; the description is what classifiers read."""

    id: str | None = None
    name: str
    description: str = ""


class Note(_Data):
    """An article of a ticket."""

    subject: Annotated[str, Field(description="Subject of the note")] = ""
    body: Annotated[str, Field(description="Text of the note")]
    internal: Annotated[
        bool, Field(description="False shows the note to the customer")
    ] = True


class DecidedNote(Note):
    """A note with what was decided, as programs read it.

    Not a field of `Note`: no configuration and no text of a customer can say it.
    """

    decision: DecisionRecord


def write_note(note: Note, key: str | None) -> str:
    """The text that a ticket system stores: the record of a decision is part of it.

    A record is for internal notes only. `key` is None where keys are kept elsewhere.
    """
    if isinstance(note, DecidedNote) and note.internal:
        return mark(note.body, key, note.decision)
    return mark(note.body, key)


def read_note(note: Note) -> tuple[Note, str | None]:
    """An agent's note as people want to see it, and the key that was written with it."""
    marked = unmark(note.body)
    read = note.model_copy(update={"body": marked.text})
    if marked.decision is None or not note.internal:
        return read, marked.key
    return DecidedNote(**dict(read), decision=marked.decision), marked.key


class Ticket(_Data):
    """A ticket as every ticket system hands it over."""

    id: str
    subject: str
    body: str
    queue: Named
    priority: Named
    state: Named
    customer: str
    created: datetime
    notes: tuple[Note, ...] = ()
    # Keys of the updates it has had; only where one ticket is read, and no part of results.
    applied: Annotated[frozenset[str], Field(exclude=True)] = frozenset()


class NewTicket(_Data):
    """A ticket to be created; what is left out is the ticket system's default."""

    subject: Annotated[
        str,
        Field(
            description="Subject of the ticket",
            json_schema_extra={"x-also-called": ["title"]},
        ),
    ]
    body: Annotated[str, Field(description="Text of the ticket")] = ""
    queue: Annotated[
        Named,
        Field(
            description="Queue it is put into",
            json_schema_extra={"x-names": "queue", "x-new": True},
        ),
    ]
    priority: Annotated[
        Named | None,
        Field(description="Its priority", json_schema_extra={"x-names": "priority"}),
    ] = None
    state: Annotated[
        Named | None,
        Field(description="Its state", json_schema_extra={"x-names": "state"}),
    ] = None
    customer: Annotated[
        str,
        Field(
            description="Who asks",
            json_schema_extra={"x-names": "user", "x-also-called": ["customer_user"]},
        ),
    ] = ""


class TicketChanges(_Data):
    """What to change in a ticket; what is left out stays as it is."""

    subject: Annotated[str | None, Field(description="New subject")] = None
    queue: Annotated[
        Named | None,
        Field(
            description="Queue to move it to",
            json_schema_extra={"x-names": "queue", "x-listed": True},
        ),
    ] = None
    priority: Annotated[
        Named | None,
        Field(description="New priority", json_schema_extra={"x-names": "priority"}),
    ] = None
    state: Annotated[
        Named | None,
        Field(description="New state", json_schema_extra={"x-names": "state"}),
    ] = None
    customer: Annotated[
        str | None,
        Field(description="New customer", json_schema_extra={"x-names": "user"}),
    ] = None


class TicketSearch(_Data):
    """Which tickets to find, oldest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "x-dropped": {
                "priority": "no release handed it to the helpdesk",
                "StateType: open": "open tickets are what is found anyway",
            }
        }
    )

    queue: Annotated[
        Named | None,
        Field(
            description="Only tickets of this queue",
            json_schema_extra={"x-names": "queue"},
        ),
    ] = None
    state: Annotated[
        Named | None,
        Field(
            description="Only tickets in this state; without it, every open one",
            json_schema_extra={"x-names": "state"},
        ),
    ] = None
    created_before: Annotated[
        datetime | None, Field(description="Only tickets created before this instant")
    ] = None
    limit: Annotated[int, Field(ge=1, description="At most this many tickets")] = 10
    offset: Annotated[int, Field(ge=0, description="Leave out the first ones")] = 0


@runtime_checkable
class TicketSystem(Protocol):
    """A ticket system.

    Names and ids it does not know are reported with `Fail`, faults that may pass with
    `Unavailable` or any other exception.
    """

    async def find(self, search: TicketSearch) -> list[Ticket]:
        """The tickets that match, oldest first."""
        ...

    async def get(self, ticket_id: str) -> Ticket:
        """One ticket with its notes, and the keys it was updated with."""
        ...

    async def create(self, ticket: NewTicket) -> Ticket:
        """A new ticket."""
        ...

    async def update(
        self,
        ticket_id: str,
        changes: TicketChanges,
        note: Note | None = None,
        *,
        key: str | None = None,
    ) -> bool:
        """Changes a ticket and adds the note, both or neither.

        The same `key` is applied to a ticket only once. False: it was applied before, and
        nothing happened now.
        """
        ...

    async def list_queues(self) -> list[Queue]:
        """Every queue, in the ticket system's order."""
        ...


@runtime_checkable
class ClaimingTicketSystem(TicketSystem, Protocol):
    """A ticket system that also remembers which tickets a purpose has dealt with.

    `ProcessTickets` and `CheckEscalations` need one, so that no two runs work on one
    ticket, and none works on it twice.
    """

    async def find_ids(self, search: TicketSearch) -> list[str]:
        """The ids of all tickets that match, oldest first, whatever the limit."""
        ...

    async def get_many(self, ticket_ids: Sequence[str]) -> list[Ticket]:
        """Several tickets, as `get` gives them; those that are gone are left out."""
        ...

    async def claim(
        self,
        purpose: str,
        ticket_ids: Sequence[str],
        *,
        owner: str,
        lease_seconds: float,
    ) -> str | None:
        """Takes one of the tickets that is neither finished nor leased.

        The one claimed least often comes first, then the given order. The lease ends by
        itself, so a killed run loses no ticket. None: nothing is left.
        """
        ...

    async def finish(self, purpose: str, ticket_id: str, *, owner: str) -> None:
        """Never hands out this ticket for this purpose again."""
        ...

    async def release(self, purpose: str, *, owner: str) -> None:
        """Gives back every unfinished ticket of this owner."""
        ...


@runtime_checkable
class RenewsClaims(Protocol):
    """One whose leases can begin anew while a ticket is worked on for long."""

    async def renew(
        self, purpose: str, ticket_id: str, *, owner: str, lease_seconds: float
    ) -> bool:
        """Lets a lease begin anew that has not ended; false for one that has."""
        ...
