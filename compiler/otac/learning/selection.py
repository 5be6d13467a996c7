"""Which tickets a model is made from, and what becomes of the others."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from otac.learning.examples import Example
from otac.learning.likeness import group_alike
from otac.models.cleaning import clean

# Fewer examples teach nothing that holds, and cannot be judged.
FEWEST = 8
_SPACE = re.compile(r"\s+")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sample:
    """A ticket to learn from.

    `group` is the same for tickets that are alike, `place` counts from the oldest one.
    """

    text: str
    label: str
    group: int
    place: int


@dataclass(frozen=True, slots=True)
class Selection:
    """The tickets of labels with enough examples, oldest first, and what was left out.

    `others` are those of rare labels: a model cannot be right about them, which counts
    when it is judged. `rare` and `labels` count tickets by label; `left_out` by reason.
    """

    samples: tuple[Sample, ...]
    others: tuple[Sample, ...]
    labels: dict[str, int]
    rare: dict[str, int]
    left_out: dict[str, int]
    oldest: datetime | None
    newest: datetime | None


def select(tickets: Sequence[Example], what: str) -> Selection:
    """The tickets to learn `what` (`queue` or `priority`) from."""
    left_out: Counter[str] = Counter()
    kept: dict[str, tuple[Example, str]] = {}
    for ticket in in_time(tickets):
        if not getattr(ticket, what):
            left_out[f"no {what}"] += 1
            continue
        text = clean(ticket.text)
        same = _SPACE.sub(" ", text).casefold().strip()
        if not any(character.isalpha() for character in same):
            left_out["no text"] += 1
            continue
        if kept.pop(same, None) is not None:
            left_out["the same text as a newer one"] += 1
        # The newest of several counts, and is placed where it belongs in time.
        kept[same] = (ticket, text)
    groups = group_alike([text for _, text in kept.values()])
    samples = [
        Sample(text, getattr(ticket, what), group, place)
        for place, ((ticket, text), group) in enumerate(
            zip(kept.values(), groups, strict=True)
        )
    ]
    counts = Counter(sample.label for sample in samples)
    rare = {label: n for label, n in sorted(counts.items()) if n < FEWEST}
    if rare:
        left_out["a label with too few"] = sum(rare.values())
    times = [one.created for one, _ in kept.values() if one.created is not None]
    return Selection(
        tuple(one for one in samples if one.label not in rare),
        tuple(one for one in samples if one.label in rare),
        {label: n for label, n in sorted(counts.items()) if label not in rare},
        rare,
        dict(left_out),
        min(times, default=None),
        max(times, default=None),
    )


def in_time(tickets: Iterable[Example]) -> list[Example]:
    """Oldest first; those without a time keep their order and come before the others."""
    return sorted(tickets, key=lambda ticket: ticket.created or _LONG_AGO)
