"""Expressions that are broken, or name what there is not."""

import random
import re
from collections.abc import Iterator

from mutant import Mutant, misspelt, replaced
from subject import Subject, Tag

from otac.expressions.function import FUNCTIONS, SCOPE_NAMES
from otac.expressions.parse import known_filters

_FILTER = re.compile(r"\|\s*(\w+)")
_CALL = re.compile(r"(?<![\w.'\"|])(\w+)\(")
_NAME = re.compile(r"(?<![\w.'\"])(params|config|parent|item|index)\b(?!['\"(=])")
_PARAMETER = re.compile(r"\bparams\.(\w+)")
_STRING = re.compile(r"'[^'\"{}]*'")
_COMPARES = re.compile(r"(?<![=!<>])==(?!=)")
_COPES = re.compile(r"default|\bd\(|defined|\bif\b|\band\b|\bor\b|\{%")


def unknown_filter(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for tag in subject.tags:
        for found in _FILTER.finditer(tag.text):
            if found[1] in known_filters():
                known = set(known_filters())
                yield from _misspelt(
                    subject, chance, "unknown filter", tag, found, known
                )


def unknown_function(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for tag in subject.tags:
        for found in _CALL.finditer(tag.text):
            if found[1] in FUNCTIONS:
                known = {*FUNCTIONS, *SCOPE_NAMES}
                kind = "unknown function"
                yield from _misspelt(subject, chance, kind, tag, found, known)


def wrong_env_function(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for tag in subject.tags:
        for found in re.finditer(r"\bget_env(?=\()", tag.text):
            start = tag.start + found.start()
            wrong = chance.choice(["getenv", "get_envv", "getEnv"])
            text = replaced(subject.text, start, start + len("get_env"), wrong)
            kind = "wrong env function"
            yield Mutant(kind, subject.name, text, (start,), "get_env")


def unknown_name(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for tag in subject.tags:
        for found in _NAME.finditer(tag.text):
            known = {*FUNCTIONS, *SCOPE_NAMES}
            yield from _misspelt(subject, chance, "unknown name", tag, found, known)


def unknown_run_parameter(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """`params.x` where no runner has an x, and nothing copes with its absence."""
    known = {
        key
        for site in subject.sites
        if site.key is not None and site.key.text == "parameters"
        for key in getattr(site.node, "entries", {})
    }
    for tag in subject.tags:
        if _COPES.search(tag.text) or "parent" in tag.text:
            continue
        for found in _PARAMETER.finditer(tag.text):
            if found[1] in known:
                kind = "unknown run parameter"
                yield from _misspelt(subject, chance, kind, tag, found, known)


def missing_brace(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for tag in subject.tags:
        text = replaced(subject.text, tag.end - 1, tag.end, "")
        yield Mutant("missing brace", subject.name, text, (tag.start, tag.end - 2))


def single_equals(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for tag in subject.tags:
        found = _COMPARES.search(tag.text)
        if found is not None:
            at = tag.start + found.start()
            text = replaced(subject.text, at, at + 2, "=")
            yield Mutant("= for ==", subject.name, text, (at,), "==")


def missing_parenthesis(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for tag in subject.tags:
        at = tag.text.rfind(")")
        if at < 0 or tag.text.count("(") != tag.text.count(")"):
            continue
        if re.search(r"['\"][^'\"]*[()][^'\"]*['\"]", tag.text):
            continue
        opening = _opening(tag.text, at)
        text = replaced(subject.text, tag.start + at, tag.start + at + 1, "")
        # The bracket that is open, or what cannot stand where the other one was.
        gap = len(tag.text[at + 1 :]) - len(tag.text[at + 1 :].lstrip())
        places = (tag.start + opening, tag.start + at, tag.start + at + gap)
        yield Mutant("missing parenthesis", subject.name, text, places)


def open_string(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A text inside an expression whose last quote is missing; the only one there."""
    for tag in subject.tags:
        strings = list(_STRING.finditer(tag.text))
        if len(strings) == 1 and '"' not in tag.text and tag.text.count("'") == 2:
            end = tag.start + strings[0].end()
            if _in_single_quotes(subject, tag):
                continue
            text = replaced(subject.text, end - 1, end, "")
            place = tag.start + strings[0].start()
            yield Mutant("open text in expression", subject.name, text, (place,))


def dangling_operator(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for tag in subject.tags:
        if tag.text.endswith(" }}") and not tag.text.endswith("-}}"):
            operator = chance.choice(["and", "~", "+", "|"])
            at = tag.end - 2
            text = replaced(subject.text, at, at, f"{operator} ")
            yield Mutant("dangling operator", subject.name, text, (at, at + 2))


def other_language(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """`&&` and `||`, for those who come from elsewhere."""
    for tag in subject.tags:
        for word, wrong in ((" and ", " && "), (" or ", " || ")):
            at = tag.text.find(word)
            if at >= 0:
                start = tag.start + at
                text = replaced(subject.text, start, start + len(word), wrong)
                kind = "operator of another language"
                yield Mutant(kind, subject.name, text, (start + 1,), word.strip())


def _opening(text: str, closing: int) -> int:
    depth = 0
    for at in range(closing, -1, -1):
        depth += {")": 1, "(": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return 0


def _in_single_quotes(subject: Subject, tag: Tag) -> bool:
    before = subject.text[subject.line_start(tag.start) : tag.start]
    return before.count("'") % 2 == 1


def _misspelt(
    subject: Subject,
    chance: random.Random,
    kind: str,
    tag: Tag,
    found: re.Match[str],
    known: set[str],
) -> Iterator[Mutant]:
    wrong = misspelt(found[1], known, chance)
    if wrong is None or _inside_string(tag.text, found.start(1)):
        return
    start = tag.start + found.start(1)
    text = replaced(subject.text, start, start + len(found[1]), wrong)
    yield Mutant(kind, subject.name, text, (start,), found[1])


def _inside_string(text: str, at: int) -> bool:
    before = text[:at]
    return before.count("'") % 2 == 1 or before.count('"') % 2 == 1
