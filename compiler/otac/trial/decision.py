"""What a runner decided about tickets, as it is handed from process to process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Aspect: TypeAlias = Literal["queue", "priority"]
ASPECTS: tuple[Aspect, ...] = ("queue", "priority")


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a ticket's queue, or of its priority.

    `decided` is what the runner does on its own; None if it leaves the ticket, or does with
    it what it does with every ticket that it is not sure about. `sure` is what it would do
    if its classifier were sure. `label` and `confidence` are the classifier's own words.
    """

    decided: str | None = None
    sure: str | None = None
    label: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """About one ticket. `failure` says why the runner failed for it."""

    queue: Made = Made()
    priority: Made = Made()
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    """In the order of the tickets.

    `offered` are the labels that the classifier chose from, where it is known; `asked` is
    false if the runner asked no classifier at all.
    """

    tickets: tuple[Decision, ...]
    offered: Mapping[Aspect, frozenset[str]]
    asked: bool
