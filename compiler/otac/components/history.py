"""What was decided before: tickets as they came, with where they are now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from otac.components.ticket_system import Named, Ticket


class HistorySearch(BaseModel):
    """Which tickets of the past to find, newest first.

    Without `queues`, those of all queues; without `since`, however old. `only` "closed"
    leaves out those whose queue nobody has agreed to yet, and those that were merged; "open"
    are those that somebody may still work on, whatever their state is called.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    queues: tuple[Named, ...] = ()
    since: datetime | None = None
    newest: Annotated[int, Field(ge=1)] = 10_000
    only: Literal["open", "closed"] | None = None


@runtime_checkable
class HistoryTicketSystem(Protocol):
    """A ticket system that can be asked for tickets of any state, without changing one.

    The ids come all at once, the tickets page by page, so that whoever reads decides how
    fast, and can go on later where it was interrupted.
    """

    async def history_ids(self, search: HistorySearch) -> list[str]:
        """The ids of the tickets that match, newest first.

        `Fail` for a queue that it does not have, where it can tell by reading.
        """
        ...

    async def history(self, ticket_ids: Sequence[str]) -> list[Ticket]:
        """A page of tickets; those that are gone are left out.

        `subject` and `body` are those that the ticket came with, whatever was made of them
        since; queue, priority and state are those of now. Notes and `applied` as `get`
        has them.
        """
        ...
