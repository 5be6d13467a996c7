from typing import Any, ClassVar

from open_ticket_ai import Injectable, StrictBaseModel
from open_ticket_ai.core.ai_classification_services.classification_models import (
    ClassificationRequest,
    ClassificationResult,
)
from open_ticket_ai.core.ai_classification_services.classification_service import (
    ClassificationService,
)
from open_ticket_ai.core.ticket_system_integration.ticket_system_service import (
    TicketSystemService,
)
from open_ticket_ai.core.ticket_system_integration.unified_models import (
    TicketSearchCriteria,
    UnifiedNote,
    UnifiedTicket,
)
from pydantic import Field


class MemoryParams(StrictBaseModel):
    password: str
    tickets: list[dict[str, Any]] = Field(default_factory=list)


class MemoryTickets(TicketSystemService):
    """Tickets as long as the process lives."""

    ParamsModel: ClassVar[type[MemoryParams]] = MemoryParams

    def __init__(self, client: Any | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._logger.info(f"logging in with {self._params.password}")
        self.closed = False
        self.tickets = {
            str(number): UnifiedTicket.model_validate({"id": str(number), **data})
            for number, data in enumerate(self._params.tickets, 1)
        }

    def _log_init(self) -> None:
        self._logger.info(f"Initializing with config: {self._config.model_dump()}")

    async def close(self) -> None:
        self.closed = True

    async def find_tickets(
        self, criteria: TicketSearchCriteria | None = None, **kwargs: Any
    ) -> list[UnifiedTicket]:
        self._logger.warning(f"asking with {self._params.password}")
        criteria = criteria or TicketSearchCriteria.model_validate(kwargs)
        found = [
            ticket
            for ticket in self.tickets.values()
            if criteria.queue is None
            or (ticket.queue and ticket.queue.name == criteria.queue.name)
        ]
        return found[criteria.offset :][: criteria.limit]

    async def find_first_ticket(
        self, criteria: TicketSearchCriteria | None = None, **kwargs: Any
    ) -> UnifiedTicket | None:
        return next(iter(await self.find_tickets(criteria, **kwargs)), None)

    async def get_ticket(self, ticket_id: str) -> UnifiedTicket | None:
        return self.tickets.get(ticket_id)

    async def create_ticket(
        self, ticket: UnifiedTicket | None = None, **kwargs: Any
    ) -> UnifiedTicket:
        assert ticket is not None
        number = str(len(self.tickets) + 1)
        self.tickets[number] = ticket.model_copy(update={"id": number})
        return self.tickets[number]

    async def update_ticket(
        self, ticket_id: str, updates: UnifiedTicket | None = None, **kwargs: Any
    ) -> bool:
        if ticket_id not in self.tickets or updates is None:
            return False
        changed = {name: getattr(updates, name) for name in updates.model_fields_set}
        self.tickets[ticket_id] = self.tickets[ticket_id].model_copy(update=changed)
        return True

    async def add_note(
        self, ticket_id: str, note: UnifiedNote | None = None, **kwargs: Any
    ) -> bool:
        ticket = self.tickets[ticket_id]
        notes = [*(ticket.notes or []), note]
        self.tickets[ticket_id] = ticket.model_copy(update={"notes": notes})
        return True


class WordParams(StrictBaseModel):
    words: dict[str, str]


class WordCounter(ClassificationService):
    """The label whose word is in the text."""

    ParamsModel: ClassVar[type[WordParams]] = WordParams

    def classify(self, req: ClassificationRequest) -> ClassificationResult:
        text = req.text.lower()
        label = next((it for it, w in self._params.words.items() if w in text), "Other")
        return ClassificationResult(label=label, confidence=0.9)

    async def aclassify(self, req: ClassificationRequest) -> ClassificationResult:
        return self.classify(req)


class Counter(Injectable):
    """A service of the author's own kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = 0
