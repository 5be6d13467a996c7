"""Tickets that say nearly the same: forms, forwarded mails, tickets that were sent twice."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from otac.models.terms import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Shingles = NDArray[np.uint64]

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
