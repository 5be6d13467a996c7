"""`ProcessTickets`: routes the tickets of a queue."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, Field

from otac.components.classifier import Classification, Classifier, name_of
from otac.components.component import Component, Parameters
from otac.components.handled import report
from otac.components.outcome import Fail, Stop
from otac.components.routing import Routing, decide, explain, record, shown
from otac.components.ticket_system import (
    ClaimingTicketSystem,
    Named,
    Ticket,
    TicketChanges,
    TicketSearch,
)
from otac.components.vocabulary import PRIORITIES
from otac.components.worklist import Worked, logger, work_through


class ProcessTickets(Component):
    """Reads the tickets of a queue, decides on queue and priority, and says why.

    Each ticket is handled once, also if it stays in the queue because nothing was certain
    enough. A ticket that fails does not hold back the others; the step then fails at the
    end, and a further attempt handles only what is left. A priority above the middle one
    is never lowered: somebody, or `CheckEscalations`, has raised it.
    """

    class Params(Parameters):
        queue: Annotated[str, Field(description="The queue whose tickets are routed")]
        limit: Annotated[int, Field(ge=1, description="At most this many a run")] = 100
        at_once: Annotated[
            int, Field(ge=1, le=64, description="At most this many at the same time")
        ] = 4
        min_confidence: Annotated[
            float,
            Field(ge=0, le=1, description="Below this, a ticket stays where it is"),
        ] = 0.6
        min_priority_confidence: Annotated[
            float | None,
            Field(
                ge=0,
                le=1,
                description="Below this, a ticket keeps its priority; without it,"
                " `min_confidence` counts",
            ),
        ] = None
        queues: Annotated[
            dict[str, str] | None,
            Field(
                description="The queues to choose from and what belongs there; without"
                " it, all others of the ticket system"
            ),
        ] = None
        priorities: Annotated[
            dict[str, str] | None,
            Field(
                description="The priorities to choose from and what deserves them;"
                " without it, the usual five; `{}` leaves priorities alone"
            ),
        ] = None
        queue_model: Annotated[
            str | None, Field(description="The classifier's model for queues")
        ] = None
        priority_model: Annotated[
            str | None, Field(description="The classifier's model for priorities")
        ] = None
        low_confidence_queue: Annotated[
            str | None,
            Field(description="Where undecided tickets go; without it, they stay"),
        ] = None
        note: Annotated[
            bool, Field(description="Write an internal note that says why")
        ] = True
        dry_run: Annotated[
            bool, Field(description="Decide, report and change nothing")
        ] = False
        stop_when_empty: Annotated[
            bool,
            Field(
                description="End the run as `Stopped` if there is nothing to do; false"
                " goes on to the next step"
            ),
        ] = True
        tolerate_failures: Annotated[
            bool,
            Field(
                description="Report tickets that failed and succeed; the next run tries"
                " them again"
            ),
        ] = False

    class Result(BaseModel):
        handled: Annotated[
            list[str], Field(description="Ids of all tickets decided on")
        ]
        routed: Annotated[
            list[Routing], Field(description="The tickets that went to a queue")
        ]
        undecided: Annotated[
            list[Routing], Field(description="The tickets nothing was certain about")
        ]
        failed: Annotated[list[str], Field(description="Ids of tickets that failed")]

    params: Params
    ticket_system: ClaimingTicketSystem
    classification_service: Classifier

    async def run(self) -> Result:
        """Raises `Stop` if nothing is left to do."""
        queue = self.params.queue
        search = TicketSearch(queue=Named(name=queue), limit=self.params.limit)
        ids = await self.ticket_system.find_ids(search)
        labels = await self._queues() if ids else {}

        async def handle(ticket: Ticket) -> Routing | None:
            return await self._handle(ticket, labels)

        worked: Worked[Routing] = Worked()
        if self.params.dry_run:
            for ticket in await self.ticket_system.find(search) if ids else ():
                if (routing := await handle(ticket)) is not None:
                    worked.done[ticket.id] = routing
        else:
            worked = await work_through(
                self.ticket_system,
                self._purpose,
                ids,
                self.params.limit,
                handle,
                self.params.at_once,
            )
        for ticket_id in worked.failures:
            report(ticket_id, done="failed")
        if not self.params.tolerate_failures:
            worked.raise_failures()
        if not worked.done and not worked.failures and self.params.stop_when_empty:
            raise Stop(
                f"queue `{queue}` has no new tickets"
                if ids
                else f"queue `{queue}` is empty"
            )
        routings = worked.done.values()
        return self.Result(
            handled=list(worked.done),
            routed=[routing for routing in routings if routing.queue is not None],
            undecided=[routing for routing in routings if routing.queue is None],
            failed=list(worked.failures),
        )

    @property
    def _purpose(self) -> str:
        return f"process:{self.params.queue}"

    async def _queues(self) -> dict[str, str]:
        if self.params.queues is not None:
            labels = self.params.queues
        else:
            labels = {
                queue.name: queue.description
                for queue in await self.ticket_system.list_queues()
                if queue.name != self.params.queue
            }
        if not labels:
            raise Fail(f"there is no queue but `{self.params.queue}` to route to")
        return labels

    async def _handle(
        self, ticket: Ticket, labels: Mapping[str, str]
    ) -> Routing | None:
        """None if it is none of ours any more."""
        if ticket.queue.name != self.params.queue:
            # Somebody moved it since it was found.
            return None
        queue = await self._classify(ticket, labels, self.params.queue_model)
        priorities = self.params.priorities
        if priorities is None:
            priorities = PRIORITIES
        priority = None
        if priorities:
            priority = await self._classify(
                ticket, priorities, self.params.priority_model
            )
        routing = self._decide(ticket, queue, priority, list(priorities))
        if not self.params.dry_run:
            await self._apply(ticket, routing, queue, priority)
        report(
            ticket.id,
            label=queue.label,
            confidence=queue.confidence,
            done=self._done(routing),
        )
        logger.info(
            "ticket %s: %s (%s)",
            ticket.id,
            routing.queue or "undecided",
            shown(routing.queue_confidence),
        )
        return routing

    async def _classify(
        self, ticket: Ticket, labels: Mapping[str, str], model: str | None
    ) -> Classification:
        return await self.classification_service.classify(
            f"{ticket.subject}\n\n{ticket.body}", labels=labels, model_name=model
        )

    def _decide(
        self,
        ticket: Ticket,
        queue: Classification,
        priority: Classification | None,
        order: Sequence[str],
    ) -> Routing:
        least = self.params.min_confidence
        least_for_priority = self.params.min_priority_confidence
        if least_for_priority is None:
            least_for_priority = least
        return decide(ticket, queue, priority, least, least_for_priority, order)

    def _done(self, routing: Routing) -> str:
        target = routing.queue or self.params.low_confidence_queue
        words = [f"to {target}" if target else "stays in its queue"]
        if routing.priority is not None:
            words.append(f"priority {routing.priority}")
        if self.params.dry_run:
            words.append("not carried out")
        return ", ".join(words)

    async def _apply(
        self,
        ticket: Ticket,
        routing: Routing,
        queue: Classification,
        priority: Classification | None,
    ) -> None:
        target = routing.queue or self.params.low_confidence_queue
        note = None
        if self.params.note:
            by = (
                name_of(self.classification_service, self.params.queue_model),
                name_of(self.classification_service, self.params.priority_model),
            )
            decision = record(ticket, routing, target, queue, priority, by)
            note = explain(routing, target, queue, priority, decision)
        changes = TicketChanges(
            queue=None if target is None else Named(name=target),
            priority=(
                None if routing.priority is None else Named(name=routing.priority)
            ),
        )
        # The key makes sure of it even if the lease has run out meanwhile.
        await self.ticket_system.update(
            routing.ticket_id, changes, note, key=self._purpose
        )
