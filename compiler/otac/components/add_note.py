"""`AddNote`: writes a note into a ticket."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from otac.components.component import Component, Parameters
from otac.components.decision_record import Choices, DecisionRecord
from otac.components.handled import report
from otac.components.once import idempotency_key
from otac.components.ticket_system import (
    DecidedNote,
    Identifier,
    Note,
    TicketChanges,
    TicketSystem,
)


class AddNote(Component):
    """Writes a note into a ticket; customers do not see it unless asked for."""

    class Params(Parameters):
        ticket_id: Annotated[Identifier, Field(description="Id of the ticket")]
        note: Annotated[Note | str, Field(description="The note, or just its text")]
        key: Annotated[
            str | None,
            Field(
                description="A note with the same key is added to a ticket only once,"
                " also by other runs; without it, once by each run"
            ),
        ] = None
        decision: Annotated[
            Choices | None,
            Field(
                description="What the note is about, for `otac review`: `{queue: {from:"
                " Incoming, to: Billing, label: Billing, confidence: 0.9}}`"
            ),
        ] = None

    class Result(BaseModel):
        added: Annotated[
            bool, Field(description="False if a note with this key was there already")
        ]

    params: Params
    ticket_system: TicketSystem

    async def run(self) -> Result:
        """However often the step or its run is tried, the note is there once."""
        note = self._note()
        key = self.params.key
        added = await self.ticket_system.update(
            self.params.ticket_id,
            TicketChanges(),
            note,
            key=idempotency_key() if key is None else f"note:{key}",
        )
        if added:
            report(self.params.ticket_id, done="note")
        return self.Result(added=added)

    def _note(self) -> Note:
        given, choices = self.params.note, self.params.decision
        note = Note(body=given) if isinstance(given, str) else given
        if choices is None:
            return note
        decision = DecisionRecord(at=datetime.now(UTC), **dict(choices))
        return DecidedNote(**dict(note), decision=decision)
