"""`AddNote`: writes a note into a ticket."""

from typing import Annotated

from pydantic import BaseModel, Field

from otac.components.component import Component, Parameters
from otac.components.handled import report
from otac.components.once import idempotency_key
from otac.components.ticket_system import (
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

    class Result(BaseModel):
        added: Annotated[
            bool, Field(description="False if a note with this key was there already")
        ]

    params: Params
    ticket_system: TicketSystem

    async def run(self) -> Result:
        """However often the step or its run is tried, the note is there once."""
        note = self.params.note
        key = self.params.key
        added = await self.ticket_system.update(
            self.params.ticket_id,
            TicketChanges(),
            Note(body=note) if isinstance(note, str) else note,
            key=idempotency_key() if key is None else f"note:{key}",
        )
        if added:
            report(self.params.ticket_id, done="note")
        return self.Result(added=added)
