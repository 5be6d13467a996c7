"""What is no YAML any more."""

import itertools
import random
from collections.abc import Iterator

from mutant import Mutant, replaced
from subject import Subject

from otac.source.document import Entry, Mapping, Node, Scalar, Sequence


def dedented_line(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A key one space to the left of the ones above it, and right of all further out."""
    for before, entry in _pairs(subject):
        start = subject.line_start(entry.key.start)
        indent = entry.key.start - start
        if indent < 2 or subject.text[start : entry.key.start].strip():
            continue
        if isinstance(before.value, Scalar) and "\n" in before.value.text:
            continue
        text = replaced(subject.text, start, start + 1, "")
        yield Mutant("wrong indentation", subject.name, text, (start + indent - 1,))


def indented_line(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A key to the right of the ones above it, after a value that has ended."""
    for before, entry in _pairs(subject):
        start = subject.line_start(entry.key.start)
        value = before.value
        if not isinstance(value, Scalar) or value.style not in ("", '"', "'"):
            continue
        if not value.text or subject.text[start : entry.key.start].strip():
            continue
        if not isinstance(entry.value, Scalar):
            continue
        text = replaced(subject.text, start, start, "  ")
        place = entry.key.start + 2
        yield Mutant("indented line", subject.name, text, (place,))


def missing_colon(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """The colon after a key that is not the first one, before a plain value."""
    for _, entry in _pairs(subject):
        key, value = entry
        gap = subject.text[key.end : value.start]
        if key.style or gap != ": " or not isinstance(value, Scalar) or value.style:
            continue
        text = replaced(subject.text, key.end, key.end + 1, "")
        yield Mutant("missing colon", subject.name, text, (key.start, key.end))


def missing_colon_before_block(
    subject: Subject, chance: random.Random
) -> Iterator[Mutant]:
    """The colon after a key whose value begins on the next line."""
    for node in _collections(subject):
        if not isinstance(node, Mapping) or subject.is_flow(node):
            continue
        for key, value in node:
            if key.via or value.via or key.style or isinstance(value, Scalar):
                continue
            if subject.text[key.end : key.end + 2] == ":\n":
                text = replaced(subject.text, key.end, key.end + 1, "")
                places = (key.start, key.end)
                kind = "missing colon before a block"
                yield Mutant(kind, subject.name, text, places)


def missing_space(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """`key:value`, which is one word, behind a key that is right."""
    for _, entry in _pairs(subject):
        key, value = entry
        gap = subject.text[key.end : value.start]
        if key.style or gap != ": " or not isinstance(value, Scalar) or value.style:
            continue
        text = replaced(subject.text, key.end + 1, key.end + 2, "")
        places = (key.start, key.end, key.end + 1)
        yield Mutant("missing space", subject.name, text, places)


def equals_for_colon(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for _, entry in _pairs(subject):
        key, value = entry
        gap = subject.text[key.end : value.start]
        if key.style or gap != ": " or not isinstance(value, Scalar) or value.style:
            continue
        text = replaced(subject.text, key.end, key.end + 1, " =")
        places = (key.start, key.end, key.end + 1)
        yield Mutant("= for :", subject.name, text, places)


def unquoted_template(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for node in _scalars(subject):
        raw = subject.text[node.start : node.end]
        if node.style in ("'", '"') and raw[1:3] == "{{" and raw[-3:-1] == "}}":
            if "\n" in raw or raw.count("{{") > 1:
                continue
            text = replaced(subject.text, node.start, node.end, raw[1:-1])
            yield Mutant("template without quotes", subject.name, text, (node.start,))


def missing_dash(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """An item of a block list, not the first one, without its dash."""
    for node in _collections(subject):
        if not isinstance(node, Sequence) or subject.is_flow(node):
            continue
        for item in node.items[1:]:
            start = subject.line_start(item.start)
            if item.via or subject.text[start : item.start].strip() != "-":
                continue
            dash = subject.text.index("-", start)
            text = replaced(subject.text, dash, dash + 1, " ")
            places = (dash, item.start)
            yield Mutant("missing dash", subject.name, text, places)


def open_quote(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for node in _scalars(subject):
        if node.style not in ("'", '"') or "\n" in subject.text[node.start : node.end]:
            continue
        text = replaced(subject.text, node.end - 1, node.end, "")
        yield Mutant("open quote", subject.name, text, (node.start,))


def tab_for_indent(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for before, entry in _pairs(subject):
        start = subject.line_start(entry.key.start)
        gap = subject.text[start : entry.key.start]
        if not gap or gap.strip() or before.value.plain() in ("", None):
            continue
        text = replaced(subject.text, start, entry.key.start, "\t")
        yield Mutant("tab", subject.name, text, (start,))


def open_bracket(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    """A bracket that is closed at the end of its line, and then is not."""
    for node in _collections(subject):
        if not subject.is_flow(node) or not _closes_line(subject, node):
            continue
        text = replaced(subject.text, node.end - 1, node.end, "")
        yield Mutant("open bracket", subject.name, text, (node.start,))


def missing_comma(subject: Subject, chance: random.Random) -> Iterator[Mutant]:
    for node in _collections(subject):
        if not isinstance(node, Mapping) or not subject.is_flow(node):
            continue
        entries = list(node)
        for one, other in itertools.pairwise(entries):
            start, end = one.value.end, other.key.start
            if subject.text[start:end] != ", " or one.value.via or other.key.via:
                continue
            text = replaced(subject.text, start, start + 1, "")
            places = (start, start - 1, start + 1, one.value.start)
            yield Mutant("missing comma", subject.name, text, places)


def _pairs(subject: Subject) -> Iterator[tuple[Entry, Entry]]:
    """Keys of block mappings with the entry before."""
    for node in _collections(subject):
        if isinstance(node, Mapping) and not subject.is_flow(node):
            entries = list(node)
            for before, entry in itertools.pairwise(entries):
                vias = (
                    before.key.via,
                    before.value.via,
                    entry.key.via,
                    entry.value.via,
                )
                if not any(vias):
                    yield before, entry


def _collections(subject: Subject) -> Iterator[Mapping | Sequence]:
    for node in _nodes(subject):
        if not isinstance(node, Scalar):
            yield node


def _scalars(subject: Subject) -> Iterator[Scalar]:
    for node in _nodes(subject):
        if isinstance(node, Scalar):
            yield node


def _nodes(subject: Subject) -> Iterator[Node]:
    pending: list[Node] = [subject.document.root]
    while pending:
        node = pending.pop()
        if node.via is not None:
            continue
        yield node
        if isinstance(node, Mapping):
            for entry in node:
                if entry.key.via is None:
                    pending += (entry.key, entry.value)
        elif isinstance(node, Sequence):
            pending += node.items


def _closes_line(subject: Subject, node: Mapping | Sequence) -> bool:
    rest = subject.text[node.end : subject.line_end(node.end)]
    one_line = "\n" not in subject.text[node.start : node.end]
    return one_line and not rest.strip()
