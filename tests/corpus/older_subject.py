"""A configuration of an older form, taken apart: the places where a mistake can be made.

What is a key comes from the published schemas of the forms and of the components, never
from trying whether the compiler objects.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from otac.dialects import names
from otac.source import read
from otac.source.document import Document, Entry, Mapping, Node, Scalar, Sequence

_SCHEMAS = Path(__file__).parents[2] / "schemas"
# Below these stands what the author may call as he likes.
_FREE = ("logging", "definitions", "_anchors", "pipe_classes", "map_obj", "queue_map")
_IN_EXPRESSIONS = re.compile(r"\{\{|\}\}")


@dataclass
class OlderSubject:
    """A configuration. `keys` are entries whose keys have a meaning in this form."""

    name: str
    text: str
    document: Document
    words: set[str]
    keys: list[Entry] = field(default_factory=list)
    mappings: list[Mapping] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)

    def known(self, kind: type[Mapping] | type[Sequence]) -> Iterator[Entry]:
        """The keys whose value is such a collection, and stands where it is used."""
        for entry in self.keys:
            if isinstance(entry.value, kind) and entry.value.via is None:
                yield entry

    def pairs(self) -> Iterator[tuple[Entry, Entry]]:
        """Entries of block mappings, each with the one before it."""
        for node in self.mappings:
            if self.text[node.start] != "{":
                entries = [entry for entry in node if entry.key.via is None]
                yield from pairwise(entries)

    def is_plainly(self, node: Scalar, word: str) -> bool:
        return self.text[node.start : node.end] == word

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end


def take_apart(name: str, data: bytes, form: str) -> OlderSubject | None:
    """The subject in a file of this form; None where it is no YAML."""
    document = read(name, data)
    if not isinstance(document, Document):
        return None
    subject = OlderSubject(name, document.text, document, words_of(form))
    _walk(subject, document.root, False)
    return subject


@cache
def words_of(form: str) -> set[str]:
    """All keys of a form."""
    found, pending = {"open_ticket_ai"}, [form.lower()]
    if form == "F":
        pending.append("f_run")
    while pending:
        for name in _names(_definitions()[pending.pop()]):
            if name.startswith("#") and name not in found:
                pending.append(name[1:])
            found.add(name)
    return found


@cache
def words_of_today() -> set[str]:
    """All keys of today's form."""
    path = _SCHEMAS / "config.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    return set(_names(schema))


@cache
def _definitions() -> dict[str, Any]:
    path = _SCHEMAS / "dialects.schema.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["$defs"]
    return found


@cache
def _components() -> dict[str, Any]:
    path = _SCHEMAS / "components.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _names(schema: Any) -> Iterator[str]:
    """The keys of a schema, wherever in it, and `#name` for what it refers to."""
    if isinstance(schema, list):
        for item in schema:
            yield from _names(item)
    elif isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for keyword, value in schema.items():
            if keyword == "$ref":
                yield "#" + value.removeprefix("#/$defs/")
            else:
                yield from _names(value)


def _parameters(node: Mapping) -> set[str]:
    """What the component of a pipe or of a service takes, by the names of its time."""
    use = node.get("use")
    known = names.today(use.text) if isinstance(use, Scalar) else None
    component = None if known is None else _components().get(known.name)
    if known is None or component is None:
        return set()
    return {*component["parameters"].get("properties", {}), *known.parameters}


def _walk(subject: OlderSubject, node: Node, is_free: bool) -> None:
    """`is_free`: the keys of this mapping are the author's own."""
    if node.via is not None:
        return
    if isinstance(node, Scalar):
        subject.marks.extend(
            node.start + found.start()
            for found in _IN_EXPRESSIONS.finditer(subject.text[node.start : node.end])
        )
        if node.style in ('"', "'"):
            subject.marks += (node.start, node.end - 1)
    elif isinstance(node, Sequence):
        if subject.text[node.start] == "[":
            subject.marks += (node.start, node.end - 1)
        for item in node.items:
            _walk(subject, item, False)
    else:
        _walk_mapping(subject, node, is_free)


def _walk_mapping(subject: OlderSubject, node: Mapping, is_free: bool) -> None:
    subject.mappings.append(node)
    if subject.text[node.start] == "{":
        subject.marks += (node.start, node.end - 1)
    parameters = _parameters(node)
    for entry in node:
        key, value = entry
        if key.via is not None:
            continue
        if subject.text[key.end : key.end + 1] == ":":
            subject.marks.append(key.end)
        if key.text in _FREE:
            continue
        if not is_free and key.text in subject.words | parameters:
            subject.keys.append(entry)
        if key.text == "params" and isinstance(value, Mapping) and value.via is None:
            for inner in value:
                is_known = inner.key.text in parameters or (
                    not parameters and inner.key.text in subject.words
                )
                if is_known and inner.key.via is None:
                    subject.keys.append(inner)
            _walk(subject, value, True)
        else:
            _walk(subject, value, key.text in ("services", "injects"))
