"""A configuration without what identifies anybody, which otac answers in the same way.

Words that otac's own code and schemas use stay: they say nothing about anybody, and what is
wrong with a file depends on them. Every other word becomes another of the same length, the
same one everywhere, and words that are nearly alike stay so.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import otac
from otac import resources, source
from otac.diagnostics.suggest import misspelt
from otac.expressions.parse import known_filters
from otac.source.comments import remarks
from otac.source.document import Document
from otac.source.secrets import concealed

# The rooms whose words decide what is found in a file.
_ROOMS = (
    *("source", "config", "dialects", "expressions", "schedules", "lower", "check"),
    "components",
)
_ATOM = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")
_NO_CODE = re.compile(r'"""(?:[^"]|"(?!""))*"""|#[^\n]*')
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)
_FOR_TOOLS = re.compile(r"#\s*(?:otac:\s*ignore|yaml-language-server:|noqa)")
_EXPRESSION = re.compile(r"\{[{%].*?[}%]\}|\b(?:if|when):[ \t][^\n]*", re.DOTALL)
_KEY = re.compile(
    r"^[ \t]*(?:- +)*[\"']?([^\s\"'#{\[][^:\n\"']*)[\"']?:(?=\s|$)", re.MULTILINE
)
_USE = re.compile(r"\buse:[ \t]*([^\n,}]*)")
# Three words in a row that are no code say something to people.
_PROSE = re.compile(r"[^\W\d]\w*(?:[.,;!?]? [^\W\d]\w*){2,}")
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_LONG_NUMBER = re.compile(r"(?<![\dT])\d{6,}(?![\dT])")
_ZONE = re.compile(r"\b[A-Z]\w+(?:/[\w+-]+)+")
_SHORTEST = 3
_HOST = "localhost"
_STATEMENTS = ("if", "for", "set", "macro", "raw", "filter", "call", "with", "block")
_LETTERS = "bcdfghjklmnpqrstvwxz"


def anonymous(text: str) -> str:
    """The text, each character where it was."""
    text = concealed(text, "x")
    size = len(text)
    comments = _marked(size, _comments(text))
    zones = (one.span() for one in _ZONE.finditer(text) if one[0] in _zones())
    as_it_is = _marked(size, zones)
    expressions = [one.span() for one in _EXPRESSION.finditer(text)]
    code = _marked(size, expressions)
    sentences = (one.span() for one in _PROSE.finditer(text) if not code[one.start()])
    prose = _marked(size, sentences)
    named = (one.span(1) for at in (_KEY, _USE) for one in at.finditer(text))
    exact = _marked(size, (*expressions, *named))
    # A slip of a known word, where one is meant, is one everywhere.
    slips = frozenset(
        found[0].casefold()
        for found in _ATOM.finditer(text)
        if exact[found.start()] and _is_slip(found[0].casefold())
    )
    names = _Names(slips)

    def replaced(found: re.Match[str]) -> str:
        word, at = found[0], found.start()
        if as_it_is[at]:
            return word
        return "x" * len(word) if comments[at] else names.of(word, free=prose[at] > 0)

    new = _ATOM.sub(replaced, text)
    for pattern in (_ADDRESS, _LONG_NUMBER):
        new = pattern.sub(lambda found: re.sub(r"\d", "1", found[0]), new)
    return new


def _marked(size: int, places: Iterable[tuple[int, int]]) -> bytearray:
    """For each character, whether it is in one of the places."""
    marks = bytearray(size)
    for start, end in places:
        marks[start:end] = b"\1" * (end - start)
    return marks


class _Names:
    """The same other word for the same word; `slips` are known words nearly."""

    def __init__(self, slips: frozenset[str]) -> None:
        self._slips = slips
        self._given: dict[str, str] = {}

    def of(self, word: str, *, free: bool) -> str:
        """The other word; in a sentence, which is `free`, known words have one, too."""
        folded = word.casefold()
        if len(word) < _SHORTEST or len(folded) != len(word):
            return word if len(folded) == len(word) else "x" * len(word)
        is_known = folded in _known() or folded in self._slips
        if (is_known and not free) or _is_host(folded):
            return word
        if folded not in self._given:
            self._given[folded] = self._new(folded)
        new = self._given[folded]
        return "".join(
            letter.upper() if was.isupper() else letter
            for was, letter in zip(word, new, strict=True)
        )

    def _new(self, word: str) -> str:
        similar = misspelt(word, self._given)
        # By its number alone: nothing of the word can be found out from it.
        chance = Random(len(self._given))
        letters = "".join(chance.choice(_LETTERS) for _ in word)
        if similar is None:
            return letters
        # As near to that one's new word as it was to that one.
        new = self._given[similar]
        matcher = SequenceMatcher(None, similar, word, autojunk=False)
        return "".join(
            new[start:end] if tag == "equal" else letters[other:last]
            for tag, start, end, other, last in matcher.get_opcodes()
        )


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """What is said to people beside the data."""
    document = source.read("", text.encode("utf-8", "surrogatepass"))
    if isinstance(document, Document):
        found = ((one.start, one.text) for one in remarks(text).all)
    else:
        found = ((one.start(), one[0]) for one in _COMMENT.finditer(text))
    for start, said in found:
        if said and not _FOR_TOOLS.match(said):
            yield start, start + len(said)


@cache
def _is_slip(word: str) -> bool:
    if len(word) < _SHORTEST or word in _known():
        return False
    return misspelt(word, _keys()) is not None


def _is_host(word: str) -> bool:
    return word == _HOST or misspelt(word, (_HOST,)) is not None


@cache
def _known() -> frozenset[str]:
    """Words of otac's own code, of the schemas and of addresses."""
    found = {*_keys(), *dir(str), *dir(list), *dir(dict), *known_filters()}
    found.update(f"end{name}" for name in _STATEMENTS)
    for room in _ROOMS:
        for path in (Path(otac.__file__).parent / room).rglob("*.py"):
            code = _NO_CODE.sub(" ", path.read_text(encoding="utf-8"))
            found.update(map(str.casefold, _ATOM.findall(code)))
    return frozenset(found)


@cache
def _keys() -> frozenset[str]:
    """Words of keys, components and values that the schemas list."""
    found: set[str] = set()

    def add(word: object) -> None:
        if isinstance(word, str):
            found.update(map(str.casefold, _ATOM.findall(word)))

    for path in resources.folder("schemas").glob("*.json"):
        _walk(json.loads(path.read_text(encoding="utf-8")), add)
    return frozenset(found)


@cache
def _zones() -> frozenset[str]:
    path = resources.folder("schemas") / "timezones.txt"
    return frozenset(path.read_text(encoding="utf-8").split())


def _walk(schema: Any, add: Callable[[object], None]) -> None:
    if isinstance(schema, list):
        for item in schema:
            _walk(item, add)
            add(item)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            add(key)
            if key in ("const", "default"):
                add(value)
            _walk(value, add)
