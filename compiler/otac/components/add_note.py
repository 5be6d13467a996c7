"""`AddNote`: writes a note into a ticket."""

from typing import Annotated

from pydantic import BaseModel, Field

from otac.components.component import Component, Parameters
from otac.components.handled import report
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
                " however often the step is tried"
            ),
        ] = None

    class Result(BaseModel):
        added: Annotated[
            bool, Field(description="False if a note with this key was there already")
        ]

    params: Params
    ticket_system: TicketSystem

    async def run(self) -> Result:
        """Without a key, each try that reaches the ticket system adds a note."""
        note = self.params.note
        added = await self.ticket_system.update(
            self.params.ticket_id,
            TicketChanges(),
            Note(body=note) if isinstance(note, str) else note,
            key=None if self.params.key is None else f"note:{self.params.key}",
        )
        if added:
            report(self.params.ticket_id, done="note")
        return self.Result(added=added)
