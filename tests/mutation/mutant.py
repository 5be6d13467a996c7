"""A valid configuration with one mistake in it, and what should be said about it."""

import random
from typing import NamedTuple


class Mutant(NamedTuple):
    """`text` has the mistake.

    `places` are offsets into it: where the first finding may start, one of them. `lines`
    widens that to other lines that are as good. `original` is what the suggestion should
    be; None where none is due. `count` is how many findings the mistake deserves.
    """

    kind: str
    case: str
    text: str
    places: tuple[int, ...]
    original: str | None = None
    count: int = 1


def replaced(text: str, start: int, end: int, new: str) -> str:
    """The text with the characters from `start` to `end` replaced."""
    return text[:start] + new + text[end:]


def misspelt(word: str, known: set[str], chance: random.Random) -> str | None:
    """The word with one slip of the fingers in it, inside, so that it stays a word.

    None for a word too short to be recognised; never one of the `known` words, which
    would be no mistake.
    """
    letters = [i for i in range(1, len(word) - 1) if word[i].isalpha()]
    if len(word) < 4 or not letters:
        return None
    slips = []
    for i in letters:
        slips.append(word[:i] + word[i + 1 :])
        slips.append(word[:i] + word[i] + word[i:])
        slips.append(word[:i] + chance.choice("qwxzk") + word[i + 1 :])
        if word[i + 1].isalpha() and word[i + 1] != word[i] and i + 2 < len(word):
            slips.append(word[:i] + word[i + 1] + word[i] + word[i + 2 :])
    lowered = {name.lower() for name in known}
    possible = [slip for slip in slips if slip.lower() not in lowered]
    return chance.choice(possible) if possible else None
