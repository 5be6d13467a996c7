"""Brackets that are open at a place: `{use: Classify, params: {`."""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)|(?P<mark>[{}\[\],])"""
    r"""|(?P<colon>:(?=[\s,{}\[\]"']|$))|(?P<comment>(?<!\S)\#[^\n]*)|(?P<space>\s+)"""
    r"""|(?P<plain>(?:[^\s:{}\[\],"'#]|:(?!\s|$)|(?<=\S)\#)(?:[^\n:{}\[\],#]|:(?![\s,{}\[\]]|$)|(?<=\S)\#)*)"""
    r"""|(?P<other>.)""",
    re.VERBOSE,
)


class Opened(NamedTuple):
    """`levels` are names and siblings from the outermost inward; `start` that of the word."""

    levels: list[tuple[str | int | None, dict[str, str]]]
    in_key: bool
    start: int


class _Open:
    def __init__(self, is_mapping: bool) -> None:
        self.is_mapping = is_mapping
        self.keys: dict[str, str] = {}
        self.key: str | None = None
        self.index = 0
        self.word = ""

    def settle(self) -> None:
        """At a comma or the end: the word was the key's value."""
        if self.key is not None:
            self.keys[self.key] = self.word
        self.key, self.word = None, ""


def open_levels(text: str, start: int, offset: int) -> Opened | None:
    """What is open at `offset` of the brackets that begin at `start`; None if nothing."""
    stack: list[_Open] = []
    word = offset
    at = start
    while at < offset:
        token = _TOKEN.match(text, at)
        if token is None:
            break
        kind, value = token.lastgroup, token[0]
        if kind in ("string", "plain"):
            if token.end() >= offset:
                word = at
            if stack:
                stack[-1].word = value.strip("'\"").strip()
        elif kind == "colon" and stack and stack[-1].is_mapping:
            stack[-1].key, stack[-1].word = stack[-1].word, ""
        elif kind == "mark":
            _mark(stack, value)
            if not stack:
                return None
        at = token.end()
    if not stack:
        return None
    inner = stack[-1]
    in_key = inner.is_mapping and inner.key is None
    if inner.key is None and inner.is_mapping:
        inner.word = ""
    levels: list[tuple[str | int | None, dict[str, str]]] = [
        (one.key if one.is_mapping else one.index, one.keys) for one in stack
    ]
    _later_keys(text, offset, inner)
    return Opened(levels, in_key, word)


def _mark(stack: list[_Open], mark: str) -> None:
    if mark in "{[":
        stack.append(_Open(mark == "{"))
    elif mark in "}]":
        if stack:
            stack.pop()
    elif stack:
        stack[-1].settle()
        stack[-1].index += 1


def _later_keys(text: str, offset: int, inner: _Open) -> None:
    """The keys behind the cursor, as far as the line goes."""
    if not inner.is_mapping:
        return
    end = text.find("\n", offset)
    depth, word, key = 0, "", None
    for token in _TOKEN.finditer(text, offset, len(text) if end < 0 else end):
        kind, value = token.lastgroup, token[0]
        if kind == "mark" and value in "{[":
            depth += 1
        elif kind == "mark" and value in "}]":
            depth -= 1
            if depth < 0:
                break
        elif depth:
            continue
        elif kind == "colon":
            key, word = word, ""
            inner.keys.setdefault(key, "")
        elif kind in ("string", "plain"):
            word = value.strip("'\"").strip()
            if key is not None:
                inner.keys[key] = word
        elif kind == "mark":
            key, word = None, ""
