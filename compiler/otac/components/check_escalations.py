"""`CheckEscalations`: raises the priority of tickets that have waited too long."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from otac.components.clock import present
from otac.components.component import Component, Parameters
from otac.components.decision_record import DecisionRecord, RecordedChoice
from otac.components.handled import report
from otac.components.notifier import Notifier
from otac.components.outcome import Fail
from otac.components.ticket_system import (
    ClaimingTicketSystem,
    DecidedNote,
    Named,
    Ticket,
    TicketChanges,
    TicketSearch,
)
from otac.components.vocabulary import PRIORITIES
from otac.components.worklist import find_all, logger, work_through


class Escalation(BaseModel):
    """A ticket whose priority was raised."""

    ticket_id: str
    queue: str | None
    age_hours: float
    old_priority: str | None
    new_priority: str


class CheckEscalations(Component):
    """Finds open tickets past their age limit, raises their priority and says why.

    A ticket is raised to a priority only once, even if somebody lowers it again. Notes
    are never repeated. A notifier is told of each ticket.
    """

    class Params(Parameters):
        queue: Annotated[
            str | None,
            Field(
                description="Only this queue; without it, all of them",
                json_schema_extra={"x-names": "queue"},
            ),
        ] = None
        max_age_hours: Annotated[
            float, Field(gt=0, description="How old an open ticket may become")
        ] = 24
        max_age_hours_by_priority: Annotated[
            dict[str, Annotated[float, Field(gt=0)]],
            Field(
                default_factory=dict,
                description="The same for tickets of certain priorities",
                json_schema_extra={"propertyNames": {"x-names": "priority"}},
            ),
        ]
        raise_to: Annotated[
            str,
            Field(
                description="The priority an overdue ticket gets",
                json_schema_extra={"x-names": "priority", "x-listed": True},
            ),
        ] = "4 high"
        priorities: Annotated[
            tuple[
                Annotated[str, Field(json_schema_extra={"x-names": "priority"})], ...
            ],
            Field(
                description="All priorities, lowest first; tickets that already have"
                " `raise_to` or a higher one are left alone",
                json_schema_extra={"x-lists": "priority"},
            ),
        ] = tuple(PRIORITIES)
        limit: Annotated[int, Field(ge=1, description="At most this many a run")] = 100
        note: Annotated[
            bool, Field(description="Write an internal note that says why")
        ] = True
        dry_run: Annotated[bool, Field(description="Report and change nothing")] = False

    class Result(BaseModel):
        escalated: Annotated[
            list[Escalation], Field(description="The tickets that were raised")
        ]
        dry_run: Annotated[
            bool, Field(description="True if nothing was changed in any ticket")
        ] = False

    params: Params
    ticket_system: ClaimingTicketSystem
    notifier: Notifier | None = None

    async def run(self) -> Result:
        """Finding nothing overdue is the good case: the list is empty."""
        if self.params.raise_to not in self.params.priorities:
            raise Fail("`raise_to` is not one of `priorities`")
        now = present()
        found = await find_all(self.ticket_system, self._search(now))
        overdue = [ticket for ticket in found if self._is_overdue(ticket, now)]
        if self.params.dry_run:
            would = overdue[: self.params.limit]
            return self.Result(
                escalated=[self._escalation(ticket, now) for ticket in would]
            )

        async def escalate(ticket: Ticket) -> Escalation | None:
            if not self._is_overdue(ticket, now):
                return None
            escalation = self._escalation(ticket, now)
            await self._escalate(escalation)
            report(ticket.id, done=f"priority {escalation.new_priority}")
            return escalation

        worked = await work_through(
            self.ticket_system,
            self._purpose,
            [ticket.id for ticket in overdue],
            self.params.limit,
            escalate,
        )
        worked.raise_failures()
        return self.Result(
            escalated=list(worked.done.values()), dry_run=self.params.dry_run
        )

    @property
    def _purpose(self) -> str:
        return f"escalate:{self.params.raise_to}"

    def _search(self, now: datetime) -> TicketSearch:
        queue = self.params.queue
        limits = self.params.max_age_hours_by_priority.values()
        shortest = min((self.params.max_age_hours, *limits))
        return TicketSearch(
            queue=None if queue is None else Named(name=queue),
            created_before=now - timedelta(hours=shortest),
        )

    def _limit(self, ticket: Ticket) -> timedelta:
        by_priority = self.params.max_age_hours_by_priority
        hours = by_priority.get(ticket.priority.name or "", self.params.max_age_hours)
        return timedelta(hours=hours)

    def _is_overdue(self, ticket: Ticket, now: datetime) -> bool:
        if now - ticket.created <= self._limit(ticket):
            return False
        return self._rank(ticket.priority.name) < self._rank(self.params.raise_to)

    def _rank(self, priority: str | None) -> int:
        """Its place in `priorities`; one that is not listed comes before all of them."""
        known = self.params.priorities
        return known.index(priority) if priority in known else -1

    def _escalation(self, ticket: Ticket, now: datetime) -> Escalation:
        return Escalation(
            ticket_id=ticket.id,
            queue=ticket.queue.name,
            age_hours=round((now - ticket.created) / timedelta(hours=1), 1),
            old_priority=ticket.priority.name,
            new_priority=self.params.raise_to,
        )

    async def _escalate(self, escalation: Escalation) -> None:
        subject = f"Raised to {escalation.new_priority}"
        reason = (
            f"Open for {escalation.age_hours:.0f} hours"
            f" with priority {escalation.old_priority}."
        )
        if self.notifier is not None:
            # First, so that a failure here is tried again: rather told twice than never.
            await self.notifier.notify(
                f"Ticket {escalation.ticket_id}: {subject}", reason
            )
        await self.ticket_system.update(
            escalation.ticket_id,
            TicketChanges(priority=Named(name=escalation.new_priority)),
            DecidedNote(subject=subject, body=reason, decision=_record(escalation))
            if self.params.note
            else None,
            key=self._purpose,
        )
        logger.info("ticket %s: %s", escalation.ticket_id, subject)


def _record(escalation: Escalation) -> DecisionRecord:
    """So that nobody takes the new priority for an agent's judgement."""
    return DecisionRecord(
        at=datetime.now(UTC),
        priority=RecordedChoice(
            before=escalation.old_priority,
            after=escalation.new_priority,
            by=CheckEscalations.__name__,
        ),
    )
