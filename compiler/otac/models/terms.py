"""The terms of a text: its words and pairs of them, and the pieces of its words.

These are scikit-learn's analyzers `word` (1, 2) and `char_wb` (2, 5), written again so that
a model needs scikit-learn only to be made; a test compares them.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

# Of longer texts, what follows is quoted mail and logs.
LONGEST_TEXT = 20_000
_WORD = re.compile(r"\b\w\w+\b")
_SHORTEST_PIECE = 2
_LONGEST_PIECE = 5


def words(text: str) -> list[str]:
    """Its words of two letters or more, in lower case."""
    return _WORD.findall(text[:LONGEST_TEXT].lower())


def word_terms(text: str) -> list[str]:
    """Its words and pairs of neighbours."""
    single = words(text)
    pairs = pairwise(single)
    return [*single, *(f"{one} {two}" for one, two in pairs)]


def piece_terms(text: str) -> list[str]:
    """All pieces of two to five characters of each word, with the blanks around it."""
    return list(_pieces(text[:LONGEST_TEXT].lower()))


def _pieces(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        length = len(padded)
        for size in range(_SHORTEST_PIECE, _LONGEST_PIECE + 1):
            if size >= length:
                # A short word counts once as a whole.
                yield padded
                break
            for start in range(length - size + 1):
                yield padded[start : start + size]
