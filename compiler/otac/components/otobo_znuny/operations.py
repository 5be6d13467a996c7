"""The operations of the web service, and under which route each one is found."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Operation(StrEnum):
    """What the Generic Interface calls them, without the leading `Ticket::`."""

    SEARCH = "TicketSearch"
    GET = "TicketGet"
    CREATE = "TicketCreate"
    UPDATE = "TicketUpdate"


class OperationUrls(BaseModel):
    """The route of each operation in the web service."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    TicketSearch: Annotated[str, Field(description="Finds tickets")] = "ticket-search"
    TicketGet: Annotated[str, Field(description="Reads tickets")] = "ticket-get"
    TicketCreate: Annotated[str, Field(description="Opens a ticket")] = "ticket-create"
    TicketUpdate: Annotated[str, Field(description="Changes a ticket")] = (
        "ticket-update"
    )

    def route(self, operation: Operation) -> str:
        """Without slashes around it."""
        route: str = getattr(self, operation.value)
        return route.strip("/")
