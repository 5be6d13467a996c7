"""Components of the user's."""

from typing import Any

from pydantic import BaseModel, Field

from otac.components import Classifier, Component, TicketSystem


class Pager:
    def __init__(self, number: str) -> None:
        self.number = number


class Triage(Component):
    class Params(BaseModel):
        ticket_id: str
        labels: list[str] = Field(default_factory=list)
        threshold: float = 0.5

    params: Params
    ticket_system: TicketSystem
    classifier: Classifier

    async def run(self) -> dict[str, Any]:
        return {"ticket_id": self.params.ticket_id}


class Page(Component):
    class Params(BaseModel):
        text: str

    pager: Pager

    async def run(self) -> str:
        return self.pager.number
