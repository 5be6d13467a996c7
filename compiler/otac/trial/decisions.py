"""What a runner decides about tickets, and how that depends on how sure its classifier is.

Each ticket is decided on three times: as the configuration says, and as it would be if the
classifier were sure of the same label (confidence 1), or not at all (0). That asks maps,
expressions and thresholds themselves instead of guessing what they do: a ticket is decided
where the runner does what it does when sure, and something else than when it is not.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from otac.components.ticket_system import Named
from otac.trial.asking import Asking, ClassifierAnswer, ClassifierQuestion
from otac.trial.decision import ASPECTS, Aspect, Decision, Decisions, Made
from otac.trial.outcome import Outcome
from otac.trial.presented import Presented, Queues, TicketText
from otac.trial.trial import Given, Trials

# So many tickets tell which of several questions decides on what.
_SAMPLE = 20
_LARGEST_BATCH = 100


@dataclass(slots=True)
class _Ran:
    """One run for some tickets: what it did with each, and what it asked."""

    outcome: Outcome
    done: list[dict[Aspect, str]]
    answers: list[ClassifierAnswer]
    desk: Presented


@dataclass(slots=True)
class _TicketSoFar:
    """What is known of a ticket while it is being decided on."""

    actual: dict[Aspect, str] = field(default_factory=dict)
    sure: dict[Aspect, str] = field(default_factory=dict)
    unsure: dict[Aspect, str] = field(default_factory=dict)
    answers: dict[ClassifierQuestion, ClassifierAnswer] = field(default_factory=dict)
    failure: str | None = None


class Decider:
    """Asks one runner. `many` says that it works on all tickets that it finds in one run.

    `queues` gives those of the real helpdesk, for runners whose labels they are.
    """

    def __init__(
        self,
        trials: Trials,
        asking: Asking,
        runner: str,
        queues: Queues,
        parameters: Mapping[str, Any],
        *,
        many: bool,
    ) -> None:
        self._trials = trials
        self._asking = asking
        self._runner = runner
        self._queues = queues
        self._parameters = parameters
        self._many = many

    async def decide(
        self, texts: Sequence[TicketText], progress: Callable[[int], None]
    ) -> Decisions:
        """Decide on all of them; `progress` is told how many are done."""
        found: list[_TicketSoFar] = []
        size = 1
        while len(found) < len(texts):
            batch = texts[len(found) : len(found) + size]
            tickets, ran = await self._batch(batch)
            found += tickets
            if len(found) == 1 and (self._many or ran.desk.claims):
                size = min(ran.desk.limit or 1, _LARGEST_BATCH)
            progress(len(found))
        questions = await self._questions(texts, found)
        return Decisions(
            tuple(_decision(ticket, questions) for ticket in found),
            {aspect: _offered(found, questions.get(aspect)) for aspect in ASPECTS},
            any(ticket.answers for ticket in found),
        )

    async def _batch(
        self, batch: Sequence[TicketText]
    ) -> tuple[list[_TicketSoFar], _Ran]:
        ran = await self._run(batch, None)
        answers = _by_ticket(batch, ran.answers)
        if len(batch) > 1 and (ran.outcome.state == "Failed" or answers is None):
            # One ticket must not decide what becomes of the others.
            alone = [await self._batch([text]) for text in batch]
            return [tickets[0] for tickets, _ in alone], alone[-1][1]
        failed = ran.outcome.state in ("Failed", "TimedOut")
        failure = ran.outcome.message if failed else None
        tickets = [
            _TicketSoFar(actual=done, failure=failure, answers=heard)
            for done, heard in zip(ran.done, answers or [{}], strict=True)
        ]
        if failure is None and ran.answers:
            sure = await self._run(batch, lambda _: 1.0)
            unsure = await self._run(batch, lambda _: 0.0)
            for place, ticket in enumerate(tickets):
                ticket.sure = sure.done[place]
                ticket.unsure = unsure.done[place]
        return tickets, ran

    async def _run(
        self,
        batch: Sequence[TicketText],
        sure: Callable[[ClassifierQuestion], float | None] | None,
    ) -> _Ran:
        desk = Presented(batch, self._queues)
        self._asking.answers = []
        self._asking.sure = sure or (lambda _: None)
        try:
            given = Given(desk, parameters=self._parameters)
            outcome = await self._trials.run(self._runner, given)
        finally:
            desk.close()
        done = [_done(desk, outcome, str(number + 1)) for number in range(len(batch))]
        return _Ran(outcome, done, self._asking.answers, desk)

    async def _questions(
        self, texts: Sequence[TicketText], found: Sequence[_TicketSoFar]
    ) -> dict[Aspect, ClassifierQuestion]:
        """Which question decides on what, by being sure of one at a time."""
        questions = list(dict.fromkeys(q for ticket in found for q in ticket.answers))
        if len(questions) == 1:
            return dict.fromkeys(ASPECTS, questions[0])
        votes: dict[Aspect, Counter[ClassifierQuestion]] = {
            one: Counter() for one in ASPECTS
        }
        sample = [
            place
            for place, ticket in enumerate(found)
            if any(_depends(ticket, aspect) for aspect in ASPECTS)
        ][:_SAMPLE]
        for question in questions:
            for place in sample:
                ran = await self._run([texts[place]], _only(question))
                for aspect in ASPECTS:
                    ticket = found[place]
                    if _depends(ticket, aspect):
                        same = ran.done[0].get(aspect) == ticket.sure.get(aspect)
                        votes[aspect][question] += same
        for aspect, counted in votes.items():
            if not counted.total():
                # Less telling, and all there is where every confidence is high enough.
                counted.update(_agreements(found, aspect))
        return {
            aspect: max(questions, key=counted.__getitem__)
            for aspect, counted in votes.items()
            if counted.total()
        }


def _done(desk: Presented, outcome: Outcome, ticket_id: str) -> dict[Aspect, str]:
    """The last queue and the last priority that steps gave to a ticket."""
    done: dict[Aspect, str] = {}
    for change in desk.changes:
        if change.ticket_id == ticket_id:
            named: dict[Aspect, Named | None] = {
                "queue": change.changes.queue,
                "priority": change.changes.priority,
            }
            done |= {key: desk.name_of(one) for key, one in named.items() if one}
    return done or _told(outcome, ticket_id)


def _told(outcome: Outcome, ticket_id: str) -> dict[Aspect, str]:
    """What a step says it would do, as `ProcessTickets` with `dry_run` does."""
    for step in outcome.steps:
        result = step.result if isinstance(step.result, Mapping) else {}
        for routing in (*result.get("routed", ()), *result.get("undecided", ())):
            if isinstance(routing, Mapping) and routing.get("ticket_id") == ticket_id:
                return {
                    aspect: str(routing[aspect])
                    for aspect in ASPECTS
                    if routing.get(aspect) is not None
                }
    return {}


def _by_ticket(
    batch: Sequence[TicketText], answers: Sequence[ClassifierAnswer]
) -> list[dict[ClassifierQuestion, ClassifierAnswer]] | None:
    """The answers about each ticket; None if that cannot be told.

    A text is a ticket's if it holds the most of what that one says.
    """
    if len(batch) == 1:
        return [{answer.question: answer for answer in answers}]
    by_question: dict[ClassifierQuestion, dict[str, ClassifierAnswer]] = {}
    for answer in answers:
        by_question.setdefault(answer.question, {})[answer.text] = answer
    found: list[dict[ClassifierQuestion, ClassifierAnswer]] = []
    for text in batch:
        mine = {}
        for question, texts in by_question.items():
            exact = texts.get(f"{text.subject}\n\n{text.body}")
            if exact is not None:
                mine[question] = exact
                continue
            held = [(_held(text, one), one) for one in texts]
            most = max(held)[0]
            best = [one for amount, one in held if amount == most]
            if most == 0 or len(best) > 1:
                return None
            mine[question] = texts[best[0]]
        found.append(mine)
    return found


def _held(text: TicketText, said: str) -> int:
    return sum(len(part) for part in text if part and part in said)


def _only(sure: ClassifierQuestion) -> Callable[[ClassifierQuestion], float | None]:
    return lambda asked: float(asked == sure)


def _agreements(
    found: Sequence[_TicketSoFar], aspect: Aspect
) -> Counter[ClassifierQuestion]:
    """How often the label of a question was what the runner did."""
    return Counter(
        question
        for ticket in found
        for question, answer in ticket.answers.items()
        if answer.made.label is not None
        and answer.made.label == ticket.sure.get(aspect)
    )


def _depends(ticket: _TicketSoFar, aspect: Aspect) -> bool:
    return ticket.sure.get(aspect) != ticket.unsure.get(aspect)


def _decision(
    ticket: _TicketSoFar, questions: Mapping[Aspect, ClassifierQuestion]
) -> Decision:
    made = {aspect: _made(ticket, aspect, questions.get(aspect)) for aspect in ASPECTS}
    return Decision(made["queue"], made["priority"], ticket.failure)


def _made(
    ticket: _TicketSoFar, aspect: Aspect, question: ClassifierQuestion | None
) -> Made:
    if ticket.failure is not None:
        return Made()
    answer = None if question is None else ticket.answers.get(question)
    actual, sure = ticket.actual.get(aspect), ticket.sure.get(aspect)
    if answer is None:
        # Nobody was asked: the runner does it by itself.
        return Made(decided=actual, sure=actual)
    if answer.made.label is None:
        return Made(confidence=answer.made.confidence)
    is_decided = actual == sure and _depends(ticket, aspect)
    if not _depends(ticket, aspect):
        # Whatever the confidence is.
        is_decided = actual is not None
    return Made(
        actual if is_decided else None, sure, answer.made.label, answer.made.confidence
    )


def _offered(
    tickets: Sequence[_TicketSoFar], question: ClassifierQuestion | None
) -> frozenset[str]:
    """What the runner could do, where its labels are what it does; else nothing."""
    if question is None:
        return frozenset()
    labels = set(question.labels or ())
    for ticket in tickets:
        if (answer := ticket.answers.get(question)) is not None:
            labels.update(answer.made.scores)
    return frozenset(labels)
