"""`ProcessTickets`: routes the tickets of a queue."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, Field

from otac.components.classifier import (
    Classification,
    Classifier,
    is_sure_by_itself,
    knows_queues,
    name_of,
    own_labels,
)
from otac.components.component import Component
from otac.components.handled import report
from otac.components.label_map import named, words
from otac.components.outcome import Fail, Stop
from otac.components.refusal import printable
from otac.components.routing import (
    Routing,
    RoutingVerdict,
    TicketDecision,
    judge,
    shown,
    undoes,
)
from otac.components.routing_parameters import RoutingParameters
from otac.components.ticket_system import (
    ClaimingTicketSystem,
    DecidedNote,
    Named,
    Note,
    Ticket,
    TicketChanges,
    TicketSearch,
)
from otac.components.ticket_template import plain, rendered
from otac.components.vocabulary import PRIORITIES
from otac.components.worklist import Worked, logger, work_through

# Chosen for `EmbeddingClassifier`: docs/decisions-on-tickets.md has what it means there.
_SURE = 0.75
_NAMED = 5


class ProcessTickets(Component):
    """Reads the tickets of a queue, decides on queue and priority, and says why.

    Each ticket is handled once, also if it stays in the queue because nothing was certain
    enough. A ticket that fails does not hold back the others; the step then fails at the
    end, and a further attempt handles only what is left. A priority above the middle one
    is not lowered unless that is wanted: somebody, or `CheckEscalations`, has raised it.
    """

    Params = RoutingParameters

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
        dry_run: Annotated[
            bool, Field(description="True if nothing was changed in any ticket")
        ] = False

    params: RoutingParameters
    ticket_system: ClaimingTicketSystem
    classification_service: Classifier

    async def run(self) -> Result:
        """Raises `Stop` if nothing is left to do."""
        queue = self.params.queue
        search = TicketSearch(queue=Named(name=queue), limit=self.params.limit)
        ids = await self.ticket_system.find_ids(search)
        labels = await self._queue_labels() if ids else None

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
            dry_run=self.params.dry_run,
        )

    @property
    def _purpose(self) -> str:
        return f"process:{self.params.queue}"

    async def _queue_labels(self) -> Mapping[str, str] | None:
        """What the classifier chooses from; None for its own labels."""
        labels = self.params.queues
        if labels is None:
            if self.params.queue_map is not None:
                return None
            if self.params.labels_are_queues or knows_queues(
                self.classification_service
            ):
                await self._refuse_labels_of_elsewhere()
                return None
            labels = {
                queue.name: queue.description
                for queue in await self.ticket_system.list_queues()
                if queue.name != self.params.queue
            }
        if not labels:
            raise Fail(f"there is no queue but `{self.params.queue}` to route to")
        return labels

    async def _refuse_labels_of_elsewhere(self) -> None:
        """`Fail` if none of the classifier's labels is a queue: each ticket would fail."""
        own = await own_labels(self.classification_service, self.params.queue_model)
        try:
            queues = {queue.name for queue in await self.ticket_system.list_queues()}
        except Fail:
            # It cannot tell, and refuses each queue that it does not have.
            return
        if own and queues.isdisjoint(own):
            raise Fail(
                f"{name_of(self.classification_service)} answers with {_some(own)}, and"
                f" the helpdesk's queues are {_some(queues - {self.params.queue})}: train"
                " the model again, or map its labels with `queue_map`"
            )

    async def _handle(
        self, ticket: Ticket, labels: Mapping[str, str] | None
    ) -> Routing | None:
        """None if it is none of ours any more."""
        if ticket.queue.name != self.params.queue:
            # Somebody moved it since it was found.
            return None
        text = self._text(ticket)
        decision = TicketDecision(
            ticket, await self._queue(text, labels), await self._priority(text, ticket)
        )
        if not self.params.dry_run:
            await self._apply(decision)
        routing = decision.routing()
        made = decision.queue.made
        report(
            ticket.id,
            label=made.label,
            confidence=made.confidence,
            done=self._done(decision),
        )
        logger.info(
            "ticket %s: %s (%s)",
            ticket.id,
            routing.queue or "undecided",
            shown(routing.queue_confidence),
        )
        return routing

    def _text(self, ticket: Ticket) -> str:
        if self.params.text is None:
            return f"{ticket.subject}\n\n{ticket.body}"
        return rendered(self.params.text, "text", {"ticket": plain(ticket)})

    async def _classify(
        self, text: str, labels: Mapping[str, str] | None, model: str | None
    ) -> Classification:
        return await self.classification_service.classify(
            text, labels=labels, model_name=model
        )

    @property
    def _least(self) -> float:
        """The confidence that a decision needs."""
        if self.params.min_confidence is not None:
            return self.params.min_confidence
        return 0.0 if is_sure_by_itself(self.classification_service) else _SURE

    async def _queue(
        self, text: str, labels: Mapping[str, str] | None
    ) -> RoutingVerdict:
        model = self.params.queue_model
        return judge(
            await self._classify(text, labels, model),
            name_of(self.classification_service, model),
            self._least,
            self.params.queue_map,
            named(self.params.low_confidence_queue),
            keep_labels=self.params.labels_are_queues,
        )

    async def _priority(self, text: str, ticket: Ticket) -> RoutingVerdict | None:
        order, labels = self.params.priorities, self.params.priorities
        if order is None:
            order = PRIORITIES
            has_own = self.params.priority_map is not None
            has_own = has_own or self.params.labels_are_priorities
            labels = None if has_own else PRIORITIES
        if not order:
            return None
        model = self.params.priority_model
        least = self.params.min_priority_confidence
        verdict = judge(
            await self._classify(text, labels, model),
            name_of(self.classification_service, model),
            self._least if least is None else least,
            self.params.priority_map,
            named(self.params.low_confidence_priority),
            keep_labels=self.params.labels_are_priorities,
        )
        change = verdict.change
        if (
            change is not None
            and not self.params.may_lower_priority
            and undoes(change, ticket.priority, list(order))
        ):
            return replace(verdict, change=None, why="a raised one is not lowered")
        return verdict

    def _done(self, decision: TicketDecision) -> str:
        target = decision.queue.change
        said = ["stays in its queue" if target is None else f"to {words(target)}"]
        if decision.priority is not None and decision.priority.change is not None:
            said.append(f"priority {words(decision.priority.change)}")
        if self.params.dry_run:
            said.append("not carried out")
        return ", ".join(said)

    async def _apply(self, decision: TicketDecision) -> None:
        changes = decision.changes()
        about_priority = self._priority_note(decision)
        if about_priority is not None:
            # First, so that the ticket leaves its queue only when all else is done.
            await self.ticket_system.update(
                decision.ticket.id,
                TicketChanges(priority=changes.priority),
                about_priority,
                key=f"{self._purpose}:priority",
            )
            changes = TicketChanges(queue=changes.queue)
        note = self._note(decision) if self.params.note else None
        # The key makes sure of it even if the lease has run out meanwhile.
        await self.ticket_system.update(
            decision.ticket.id, changes, note, key=self._purpose
        )

    def _priority_note(self, decision: TicketDecision) -> Note | None:
        """A note of its own about the priority, where one is wanted."""
        subject = self.params.priority_note_subject
        body = self.params.priority_note_body
        if decision.priority is None or (subject is None and body is None):
            return None
        if not self.params.note:
            return None
        names = _names(decision)
        return Note(
            subject=decision.priority_subject()
            if subject is None
            else rendered(subject, "priority_note_subject", names),
            body=decision.priority_text()
            if body is None
            else rendered(body, "priority_note_body", names),
        )

    def _note(self, decision: TicketDecision) -> Note:
        names = _names(decision)
        subject, body = self.params.note_subject, self.params.note_body
        return DecidedNote(
            subject=decision.subject()
            if subject is None
            else rendered(subject, "note_subject", names),
            body=decision.text()
            if body is None
            else rendered(body, "note_body", names),
            decision=decision.record(),
        )


def _some(names: Collection[str]) -> str:
    shown = [f"`{printable(name)}`" for name in sorted(names)[:_NAMED]]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(shown) + more


def _names(decision: TicketDecision) -> dict[str, Any]:
    """What the templates of notes can read."""
    return {"ticket": plain(decision.ticket), "decision": decision.names()}
