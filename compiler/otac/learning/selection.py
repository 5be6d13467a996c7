"""Which tickets a model is made from, and what becomes of the others."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zlib import crc32

from otac.learning.examples import Example
from otac.models.cleaning import clean, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Shingles = NDArray[np.uint64]

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


# Tickets that say nearly the same: forms, forwarded mails, tickets that were sent
# twice.
_DIGITS = re.compile(r"\d+")
# Min-hashes (Broder 1997) in bands: texts that share one band are compared.
_HASHES = 24
_ROWS = 3
_PRIME = (1 << 31) - 1
# Of the runs of three words of both, the part that they have in common.
_ALIKE = 0.7
_LONGEST = 2000


def group_alike(texts: Sequence[str]) -> list[int]:
    """For each text the number of its group: the place of the first text of it.

    Texts in one group are alike or linked by others that are.
    """
    shingles = [_shingles(text) for text in texts]
    parent = list(range(len(texts)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    first: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for place, own in enumerate(shingles):
        if not len(own):
            continue
        for band, key in enumerate(_bands(own)):
            # Of many alike, comparing with a few is enough: the others are linked to them.
            for other in first[band, key]:
                if root(other) != root(place) and _alike(own, shingles[other]):
                    older, newer = sorted((root(other), root(place)))
                    parent[newer] = older
                    break
            else:
                if len(first[band, key]) < 5:
                    first[band, key].append(place)
    return [root(place) for place in range(len(texts))]


def _shingles(text: str) -> "Shingles":
    import numpy as np

    said = words(_DIGITS.sub("0", text))[:_LONGEST]
    runs = zip(said, said[1:], said[2:], strict=False)
    hashes = {crc32(" ".join(run).encode()) for run in runs}
    if not hashes and said:
        hashes = {crc32(" ".join(said).encode())}
    return np.array(sorted(hashes), dtype=np.uint64)


def _bands(shingles: "Shingles") -> list[bytes]:
    import numpy as np

    generator = np.random.default_rng(1997)
    factors = generator.integers(1, _PRIME, _HASHES, dtype=np.uint64)
    shifts = generator.integers(0, _PRIME, _HASHES, dtype=np.uint64)
    small = shingles % np.uint64(_PRIME)
    hashed = (small[None, :] * factors[:, None] + shifts[:, None]) % np.uint64(_PRIME)
    least = hashed.min(axis=1)
    return [least[at : at + _ROWS].tobytes() for at in range(0, _HASHES, _ROWS)]


def _alike(one: "Shingles", other: "Shingles") -> bool:
    import numpy as np

    common = len(np.intersect1d(one, other, assume_unique=True))
    return common >= _ALIKE * (len(one) + len(other) - common)
