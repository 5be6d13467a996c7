"""How much a text is like what labels stand for."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from otac.components.embedding.vectors import embed, unit, word_vectors
from otac.components.embedding.wording import (
    LONGEST_TEXT,
    german,
    telling,
    words_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from otac.components.embedding.vectors import Vectors

    Numbers = NDArray[np.float64]

# Below this, that two words are alike says nothing.
_CHANCE = 0.3

# The columns of `likenesses`. The whole alone misses a text about one of many things that
# a label is for, the nearest phrase alone is sure where it should not be; both are asked
# with and without the words of grammar and politeness.
LIKENESSES = (
    "whole text, whole description",
    "whole text, nearest phrase",
    "telling words, whole description",
    "telling words, nearest phrase",
    "word by word",
    "whole text, name",
)
WHOLE, PHRASE, BY_WORD = 0, 1, 4


@dataclass(frozen=True, slots=True, eq=False)
class DescribedLabel:
    """A label and its description; vectors of unit length."""

    name: "Vectors"
    phrases: "Vectors"
    whole: "Vectors"
    telling_phrases: "Vectors"
    telling_whole: "Vectors"
    words: "Vectors"
    language: float
    has_description: bool


@dataclass(frozen=True, slots=True, eq=False)
class Worded:
    """A text; vectors of unit length. `weights` says how much each telling word says."""

    whole: "Vectors"
    telling_whole: "Vectors"
    words: "Vectors"
    weights: "Vectors"
    language: float


@lru_cache(maxsize=1024)
def described(label: str, description: str) -> DescribedLabel:
    import numpy as np

    label, description = label[:LONGEST_TEXT], description[:LONGEST_TEXT]
    parts = [label, *(p for p in re.split("[,;.]", description) if p.strip())]
    phrases = embed(parts)
    split = [telling(words_of(part)) for part in parts]
    sums = [word_vectors(words).sum(axis=0) for words in split if words]
    tells = unit(np.stack(sums)) if sums else np.zeros_like(phrases[:1])
    every = list(dict.fromkeys(word for words in split for word in words))
    return DescribedLabel(
        name=phrases[0],
        phrases=phrases,
        whole=unit(phrases.mean(axis=0)),
        telling_phrases=tells,
        telling_whole=unit(tells.mean(axis=0)),
        words=unit(word_vectors(every)),
        language=german(words_of(description)),
        has_description=bool(telling(words_of(description))),
    )


def worded(text: str) -> Worded:
    import numpy as np

    text = text.strip()[:LONGEST_TEXT]
    every = words_of(text)
    vectors = word_vectors(telling(every))
    return Worded(
        whole=embed([text])[0],
        telling_whole=unit(vectors.sum(axis=0)),
        words=unit(vectors),
        weights=np.linalg.norm(vectors, axis=1),
        language=german(every),
    )


def likenesses(text: Worded, labels: "list[DescribedLabel]") -> "Numbers":
    """A row for each label, with the columns that `LIKENESSES` names; from -1 to 1."""
    import numpy as np

    return np.array([_likeness(text, label) for label in labels], dtype=np.float64)


def overlap(labels: "list[DescribedLabel]", one: int) -> float:
    """How alike the description of one label is to the one that is nearest to it."""
    others = [label for place, label in enumerate(labels) if place != one]
    if not others:
        return 0.0
    mine = labels[one].telling_whole
    return max(float(mine @ label.telling_whole) for label in others)


def _likeness(text: Worded, label: DescribedLabel) -> tuple[float, ...]:
    by_word = 0.0
    if len(text.words) and len(label.words):
        nearest = (text.words @ label.words.T).max(axis=1)
        above = (nearest - _CHANCE).clip(0, None) / (1 - _CHANCE)
        # Words without a vector weigh nothing.
        by_word = float(above @ text.weights) / max(float(text.weights.sum()), 1e-9)
    return (
        float(text.whole @ label.whole),
        float((label.phrases @ text.whole).max()),
        float(text.telling_whole @ label.telling_whole),
        float((label.telling_phrases @ text.telling_whole).max()),
        by_word,
        float(text.whole @ label.name),
    )
