"""Decisions of a runner beside what was right."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from otac.diagnostics.diagnostic import Diagnostic, error, warning
from otac.diagnostics.frame import visible
from otac.diagnostics.suggest import nearest
from otac.learning.evaluation import Evaluation, Measured
from otac.learning.examples import Example
from otac.learning.measures import Judged
from otac.lower.project import Runner
from otac.trial.decision import Aspect, Decisions, Made

_MOST_LISTED = 10


def assess(examples: Sequence[Example], decisions: Decisions) -> Evaluation:
    """The decisions, in the order of the examples, judged."""
    return Evaluation(
        len(examples),
        sum(one.failure is not None for one in decisions.tickets),
        _measured(_pairs("queue", examples, decisions)),
        _priority(_pairs("priority", examples, decisions)),
    )


def findings(
    runner: Runner, examples: Sequence[Example], decisions: Decisions
) -> Iterator[Diagnostic]:
    """What is wrong with the question rather than with the answers."""
    reasons = [one.failure for one in decisions.tickets if one.failure is not None]
    if reasons:
        made = error if len(reasons) == len(decisions.tickets) else warning
        yield made(
            "OTC642",
            f"runner `{runner.id}` fails for {len(reasons)} of"
            f" {len(decisions.tickets)} tickets: {visible(reasons[0])}",
            runner.origin,
            "this runner",
            help="`--verbose` shows what is logged",
        )
    elif not decisions.asked:
        yield error(
            "OTC640",
            f"runner `{runner.id}` asks no classifier about these tickets",
            runner.origin,
            "this runner",
            help="name one that classifies, with `--runner`",
        )
    yield from _never_given("queue", runner, examples, decisions)
    yield from _never_given("priority", runner, examples, decisions)


def _pairs(
    aspect: Aspect, examples: Sequence[Example], decisions: Decisions
) -> list[tuple[str, Made]]:
    """The right label and what was made, of tickets for which a right one is known."""
    found = [
        (example.queue, decision.queue)
        if aspect == "queue"
        else (example.priority, decision.priority)
        for example, decision in zip(examples, decisions.tickets, strict=True)
    ]
    return [(expected, made) for expected, made in found if expected]


def _priority(pairs: list[tuple[str, Made]]) -> Measured | None:
    """None for a runner that leaves priorities alone."""
    if all(made.sure is None and made.decided is None for _, made in pairs):
        return None
    return _measured(pairs)


def _measured(pairs: list[tuple[str, Made]]) -> Measured | None:
    if not pairs:
        return None
    return Measured(
        tuple(Judged(one.confidence, one.decided, label) for label, one in pairs),
        tuple(Judged(one.confidence, one.sure, label) for label, one in pairs),
    )


def _never_given(
    aspect: Aspect, runner: Runner, examples: Sequence[Example], decisions: Decisions
) -> Iterator[Diagnostic]:
    """Right labels that the classifier cannot give, where nothing comes in between."""
    offered = decisions.offered[aspect]
    pairs = _pairs(aspect, examples, decisions)
    mapped = any(
        made.sure not in (None, made.label)
        for _, made in pairs
        if made.label is not None
    )
    if not offered or mapped or all(made.sure is None for _, made in pairs):
        return
    missing = Counter(label for label, _ in pairs if label not in offered)
    for label, times in missing.most_common(_MOST_LISTED):
        similar = nearest(label, offered)
        yield warning(
            "OTC644",
            f"runner `{runner.id}` never gives the {aspect} `{visible(label)}`, which is"
            f" right for {times} of the tickets",
            runner.origin,
            "this runner",
            help=f"did you mean `{similar}`?"
            if similar
            else "correct the file, or let the classifier have this label",
        )
    if len(missing) > _MOST_LISTED:
        yield warning(
            "OTC644",
            f"{len(missing) - _MOST_LISTED} more labels of the file are never given by"
            f" runner `{runner.id}`",
            runner.origin,
            "this runner",
        )


# Tickets on which two configurations differ.
@dataclass(frozen=True, slots=True)
class DecisionDifference:
    """What two configurations decide about a ticket; None if they leave it alone."""

    ticket: str
    aspect: Aspect
    expected: str
    first: str | None
    second: str | None

    @property
    def is_better(self) -> bool:
        return self.second == self.expected

    @property
    def is_worse(self) -> bool:
        return self.first == self.expected

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def differences(
    examples: Sequence[Example], first: Decisions, second: Decisions
) -> list[DecisionDifference]:
    """In the order of the tickets; only where it is known what is right."""
    found: list[DecisionDifference] = []
    for example, one, two in zip(examples, first.tickets, second.tickets, strict=True):
        pairs: tuple[tuple[Aspect, str, str | None, str | None], ...] = (
            ("queue", example.queue, one.queue.decided, two.queue.decided),
            ("priority", example.priority, one.priority.decided, two.priority.decided),
        )
        found += [
            DecisionDifference(example.id, aspect, expected, before, after)
            for aspect, expected, before, after in pairs
            if expected and before != after
        ]
    return found
