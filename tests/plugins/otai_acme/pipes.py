from __future__ import annotations

from typing import Any, ClassVar, Literal

from open_ticket_ai import LoggerFactory, Pipe, StrictBaseModel
from open_ticket_ai.core.ai_classification_services.classification_models import (
    ClassificationRequest,
)
from open_ticket_ai.core.ai_classification_services.classification_service import (
    ClassificationService,
)
from open_ticket_ai.core.pipes.pipe_context_model import PipeContext
from open_ticket_ai.core.pipes.pipe_models import PipeConfig, PipeResult
from open_ticket_ai.core.ticket_system_integration.ticket_system_service import (
    TicketSystemService,
)
from open_ticket_ai.core.ticket_system_integration.unified_models import (
    TicketSearchCriteria,
    UnifiedEntity,
    UnifiedNote,
    UnifiedTicket,
)
from pydantic import Field


class GreetParams(StrictBaseModel):
    name: str = Field(description="Whom to greet")
    times: int = Field(default=1, ge=1, description="How often")
    tone: Literal["kind", "loud"] = "kind"


class Greet(Pipe[GreetParams]):
    """Says hello."""

    ParamsModel: ClassVar[type[GreetParams]] = GreetParams

    async def _process(self, *_: Any, **__: Any) -> PipeResult:
        self._logger.info(f"greeting {self._params.name}")
        text = " ".join([f"Hello {self._params.name}!"] * self._params.times)
        if self._params.tone == "loud":
            text = text.upper()
        return PipeResult.success(message="done", data={"text": text})


class TriageParams(StrictBaseModel):
    queue: str
    model_name: str = "words"
    api_token: str | None = None


class Triage(Pipe[TriageParams]):
    """Moves the first ticket of a queue to the queue its words speak for."""

    ParamsModel: ClassVar[type[TriageParams]] = TriageParams

    def __init__(
        self,
        config: PipeConfig,
        logger_factory: LoggerFactory,
        ticket_system: TicketSystemService,
        classification_service: ClassificationService,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(config, logger_factory, *args, **kwargs)
        self._tickets = ticket_system
        self._classifier = classification_service

    async def _process(self, context: PipeContext) -> PipeResult:
        criteria = TicketSearchCriteria(
            queue=UnifiedEntity(name=self._params.queue), limit=5
        )
        ticket = await self._tickets.find_first_ticket(criteria)
        if ticket is None:
            return PipeResult.skipped(f"queue {self._params.queue} is empty")
        result = self._classifier.classify(
            ClassificationRequest(
                text=f"{ticket.subject} {ticket.body}",
                model_name=self._params.model_name,
                api_token=self._params.api_token,
            )
        )
        await self._tickets.update_ticket(
            str(ticket.id),
            UnifiedTicket(
                queue=UnifiedEntity(name=result.label),
                notes=[UnifiedNote(subject="Triage", body=f"moved to {result.label}")],
            ),
        )
        moved = await self._tickets.get_ticket(str(ticket.id))
        return PipeResult.success(data={"ticket": moved, "label": result.label})


class ReportParams(StrictBaseModel):
    of: str


class Report(Pipe[ReportParams]):
    """Tells what it sees of the run."""

    ParamsModel = ReportParams

    async def _process(self, context: PipeContext) -> PipeResult:
        return PipeResult.success(
            data={
                "succeeded": context.has_succeeded(self._params.of),
                "result": context.pipe_results.get(self._params.of),
                "params": context.params,
                "parent": context.parent,
                "id": self._config.id,
            }
        )


class LeaveParams(StrictBaseModel):
    how: Literal["fail", "raise", "skip", "compose"]


class Leave(Pipe[LeaveParams]):
    """Ends in a way that is no success."""

    ParamsModel = LeaveParams
    attempts: ClassVar[list[str]] = []

    def __init__(self, pipe_factory: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._factory = pipe_factory

    async def _process(self, context: PipeContext) -> PipeResult:
        self.attempts.append(self._params.how)
        if self._params.how == "compose":
            await self._factory.create_pipe(PipeConfig(id="x", use="y"), context)
        if self._params.how == "raise":
            raise ConnectionError("no route to host")
        if self._params.how == "skip":
            return PipeResult.skipped("nothing to do")
        return PipeResult.failure("the helpdesk is closed")
