"""What `ProcessTickets` decides about a ticket, and how it says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from otac.components.classifier import Classification, told_apart
from otac.components.decision_record import DecisionRecord, RecordedChoice
from otac.components.label_map import find, words
from otac.components.ticket_system import Named, Ticket, TicketChanges

_RUNNERS_UP = 3


class Routing(BaseModel):
    """The decision about one ticket; None leaves the queue or the priority as it is.

    What a configuration names by its id alone is called by it here.
    """

    ticket_id: str
    queue: str | None
    queue_confidence: float | None
    priority: str | None
    priority_confidence: float | None


@dataclass(frozen=True, slots=True)
class RoutingVerdict:
    """About the queue or the priority. `by` is what made the classification.

    `target` is what the classification comes to, None where it comes to nothing, and then
    `why` says so. `change` is what the ticket is to become, None if it stays as it is.
    """

    made: Classification
    by: str
    target: Named | None
    change: Named | None
    why: str = ""


def judge(
    made: Classification,
    by: str,
    least: float,
    rules: Mapping[str, str | Named] | None,
    otherwise: Named | None,
    *,
    keep_labels: bool = False,
) -> RoutingVerdict:
    """Follows the classifier where it is sure enough, and `rules` where there are any.

    `otherwise` is for what is not certain. `keep_labels` lets a label that no rule is
    about stand for itself.
    """
    if not made.reaches(least) or made.label is None:
        return RoutingVerdict(made, by, None, otherwise, _doubt(made, least))
    found = None if rules is None else find(rules, made.label)
    if found is None and (rules is None or keep_labels):
        found = Named(name=made.label)
    if found is None:
        why = f"no rule for label {made.label}, confidence {shown(made.confidence)}"
        return RoutingVerdict(made, by, None, otherwise, why)
    return RoutingVerdict(made, by, found, found)


def undoes(new: Named, old: Named, order: Sequence[str]) -> bool:
    """Whether this would lower what somebody, or `CheckEscalations`, has raised.

    `order` is of priorities, the lowest first. One that is not among them, or of which
    only the id is known, may be lower.
    """
    if old.name not in order or (new.id is not None and new.id == old.id):
        return False
    raised = order.index(old.name) > len(order) // 2
    return raised and (
        new.name not in order or order.index(new.name) < order.index(old.name)
    )


@dataclass(frozen=True, slots=True)
class TicketDecision:
    """About one ticket. `priority` is None where nothing was asked about it."""

    ticket: Ticket
    queue: RoutingVerdict
    priority: RoutingVerdict | None

    def changes(self) -> TicketChanges:
        """What the ticket is to become."""
        return TicketChanges(
            queue=self.queue.change,
            priority=None if self.priority is None else self.priority.change,
        )

    def routing(self) -> Routing:
        """As a result of the step."""
        priority = self.priority
        return Routing(
            ticket_id=self.ticket.id,
            queue=_words(self.queue.target),
            queue_confidence=self.queue.made.confidence,
            priority=None if priority is None else _words(priority.change),
            priority_confidence=None if priority is None else priority.made.confidence,
        )

    def record(self) -> DecisionRecord:
        """As other programs read it in a note."""
        ticket, priority = self.ticket, self.priority
        return DecisionRecord(
            at=datetime.now(UTC),
            queue=_choice(ticket.queue, self.queue),
            priority=None if priority is None else _choice(ticket.priority, priority),
        )

    def subject(self) -> str:
        """The subject of a note."""
        target = _words(self.queue.change)
        return "Not routed" if target is None else f"Routed to {target}"

    def priority_subject(self) -> str:
        """The subject of a note about the priority alone."""
        target = None if self.priority is None else _words(self.priority.change)
        return "Priority unchanged" if target is None else f"Priority {target}"

    def priority_text(self) -> str:
        """The text of a note about the priority alone."""
        if self.priority is None:
            return ""
        said = _line(self.priority, "unchanged")
        return f"priority: {said}\ndecided by {self.priority.by}"

    def text(self) -> str:
        """The text of a note: what was decided, how surely, and by what."""
        lines = [f"queue: {_line(self.queue, 'undecided')}"]
        if self.priority is not None:
            lines.append(f"priority: {_line(self.priority, 'unchanged')}")
        verdicts = (self.queue, self.priority)
        by = dict.fromkeys(verdict.by for verdict in verdicts if verdict is not None)
        return "\n".join((*lines, f"decided by {' and '.join(by)}"))

    def names(self) -> dict[str, Any]:
        """What the templates of a note can read, see `DECISION_KEYS`."""
        said: dict[str, Any] = {"subject": self.subject(), "text": self.text()}
        for what, verdict in (("queue", self.queue), ("priority", self.priority)):
            said |= {
                what: verdict and _words(verdict.change),
                f"{what}_label": verdict and verdict.made.label,
                f"{what}_confidence": verdict and verdict.made.confidence,
                f"{what}_by": verdict and verdict.by,
                f"{what}_is_certain": verdict is not None
                and verdict.target is not None,
            }
        return said


DECISION_KEYS = (
    "subject",
    "text",
    "queue",
    "queue_label",
    "queue_confidence",
    "queue_by",
    "queue_is_certain",
    "priority",
    "priority_label",
    "priority_confidence",
    "priority_by",
    "priority_is_certain",
)


def _choice(before: Named, verdict: RoutingVerdict) -> RecordedChoice:
    change = verdict.change
    return RecordedChoice(
        before=before.name,
        after=None if change is None else change.name,
        after_id=None if change is None else change.id,
        label=verdict.made.label,
        confidence=verdict.made.confidence,
        sure=verdict.target is not None,
        by=verdict.by,
    )


def _line(verdict: RoutingVerdict, otherwise: str) -> str:
    made = verdict.made
    ranked = [f"{label} {score:.2f}" for label, score in made.scores.items()]
    if verdict.target is None or verdict.change is None:
        guesses = ", ".join(ranked[:_RUNNERS_UP]) if any(made.scores.values()) else ""
        said = otherwise if verdict.change is None else words(verdict.change)
        doubt = f", {verdict.why}" if verdict.why else ""
        reason = "" if made.reason is None else f": {made.reason}"
        return f"{said}{doubt}{f' ({guesses})' if guesses else ''}{reason}"
    others = ", ".join(ranked[1:_RUNNERS_UP])
    runners_up = f" (then {others})" if others else ""
    label = ""
    if made.label != words(verdict.target):
        label = f", label {made.label}"
    return (
        f"{words(verdict.target)}{label}, confidence {shown(made.confidence)}"
        f"{runners_up}"
    )


def _doubt(made: Classification, least: float) -> str:
    if made.label is None:
        return "no label fits"
    if made.confidence is None:
        return "confidence unknown"
    confidence, wanted = told_apart(made.confidence, least)
    return f"confidence {confidence} is below {wanted}"


def _words(value: Named | None) -> str | None:
    return None if value is None else words(value)


def shown(confidence: float | None) -> str:
    """As notes and logs have it."""
    return "unknown" if confidence is None else f"{confidence:.2f}"
