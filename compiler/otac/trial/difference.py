"""Tickets on which two configurations differ."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from otac.learning.examples import Example
from otac.trial.decision import Aspect, Decisions


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
