"""The known name that someone most likely meant."""

import re
from collections.abc import Iterable

_SEPARATORS = re.compile(r"[-_.:/\s]+")
# Shorter than this, a word says too little to recognise a name by it.
_SHORTEST_WORD = 3
# What people write between two names of a list.
_BETWEEN = re.compile(r"\s*(?:[;,|/+&]+|\s(?:and|or|und)\s|\s)\s*")


class Unclear(str):
    """A name beside which another one is just as near."""

    __slots__ = ()


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most similar to `name`, or None if none is similar enough.

    A candidate that differs only in case comes first, then the one with the fewest edits
    (a character inserted, deleted or replaced, or two neighbours exchanged; at most one
    for every three characters), then one of which the name is a part, word by word, or
    the other way round: `timeout_seconds` for `timeout`. Among equals the alphabet
    decides, so the order of the candidates does not matter; the answer is `Unclear` then.
    """
    known = [candidate for candidate in candidates if candidate != name]
    return _fewest_edits(name, known) or _shared_words(name, known)


def misspelt(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` is but for a few letters, or None."""
    return _fewest_edits(name, [each for each in candidates if each != name])


def several(written: str, candidates: Iterable[str]) -> list[str]:
    """The candidates of `failed; crashed`; none where it is not two or more of them."""
    known = set(candidates)
    words = [word for word in _BETWEEN.split(written.strip(" ;,|")) if word]
    return words if len(words) > 1 and known.issuperset(words) else []


def closest(name: str, candidates: Iterable[str], count: int = 3) -> list[str]:
    """The `count` candidates that need the fewest edits for their length, best first.

    For a name to which none is similar enough to be meant.
    """

    def distance(candidate: str) -> tuple[float, str]:
        longest = max(len(name), len(candidate), 1)
        needed = edits(name.casefold(), candidate.casefold(), longest)
        return (needed or 0) / longest, candidate

    return sorted(candidates, key=distance)[:count]


def _fewest_edits(name: str, known: list[str]) -> str | None:
    wanted = name.casefold()
    most = 0 if len(wanted) < 2 else max(1, len(wanted) // 3)
    best: tuple[int, int, str] | None = None
    is_clear = True
    for candidate in known:
        needed = edits(wanted, candidate.casefold(), most)
        if needed is None:
            continue
        longest = max(len(name), len(candidate))
        rank = (needed, edits(name, candidate, longest) or 0, candidate)
        if best is None or rank[:2] < best[:2]:
            is_clear = True
        elif rank[:2] == best[:2] and candidate != best[2]:
            is_clear = False
        if best is None or rank < best:
            best, most = rank, needed
    if best is None:
        return None
    return best[2] if is_clear else Unclear(best[2])


def _shared_words(name: str, known: list[str]) -> str | None:
    wanted = _words(name)
    best: tuple[int, str] | None = None
    for candidate in known:
        words = _words(candidate)
        shared = wanted & words
        if shared not in (wanted, words):
            continue
        if max(map(len, shared), default=0) < _SHORTEST_WORD:
            continue
        rank = (len(wanted ^ words), candidate)
        if best is None or rank < best:
            best = rank
    return None if best is None else best[1]


def _words(name: str) -> set[str]:
    return {word for word in _SEPARATORS.split(name.casefold()) if word}


def edits(one: str, other: str, most: int) -> int | None:
    """The edits that make `other` of `one`, or None if that takes more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    one, other = _without_common_ends(one, other)
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, character in enumerate(one, start=1):
        current = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(
                last[column] + 1,
                current[-1] + 1,
                last[column - 1] + (character != wanted),
            )
            is_exchanged = (
                row > 1
                and column > 1
                and one[row - 2] == wanted
                and other[column - 2] == character
            )
            if is_exchanged:
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        # An exchange looks back two rows, so both have to be beyond hope.
        if min(current) > most and min(last) > most:
            return None
        before_last, last = last, current
    return last[-1] if last[-1] <= most else None


def _without_common_ends(one: str, other: str) -> tuple[str, str]:
    """Both without what they start and end with alike, which changes no distance."""
    start = _common(one, other)
    one, other = one[start:], other[start:]
    end = _common(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


def _common(one: str, other: str) -> int:
    """The number of characters that both start with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
