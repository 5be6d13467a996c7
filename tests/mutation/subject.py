"""A valid configuration, taken apart: the places where a mistake can be made.

What a place is comes from the published schemas of the language and of the components,
never from trying whether the compiler objects.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from otac.config.json_type import json_type
from otac.config.schema import Schema, compile_schema, configuration_schema
from otac.dialects import Dialect, Form, recognise
from otac.source import read
from otac.source.document import Document, Mapping, Node, Scalar, Sequence

_SCHEMAS = Path(__file__).parents[2] / "schemas"
_EXPRESSION = re.compile(r"\{\{(?:(?!\{\{|\}\}).)*\}\}", re.DOTALL)


class Site(NamedTuple):
    """A node with its schema; `key` and `owner` are those of the mapping it stands in."""

    node: Node
    schema: Schema
    key: Scalar | None = None
    owner: Mapping | None = None
    owner_schema: Schema | None = None


class Part(NamedTuple):
    """A step or a service: its mapping, and the catalogue's entry for its component.

    `component` is None for a composite and for what the catalogue does not know.
    """

    node: Mapping
    component: dict[str, Any] | None
    is_service: bool
    siblings: Sequence | None = None


class Tag(NamedTuple):
    """A `{{ ... }}` whose characters stand in the file as they are; offsets."""

    start: int
    end: int
    text: str


@dataclass
class Subject:
    """A valid configuration."""

    name: str
    text: str
    document: Document
    sites: list[Site] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)

    @property
    def body(self) -> Mapping:
        root = self.document.root
        assert isinstance(root, Mapping)
        inside = root.get("open_ticket_ai")
        return inside if isinstance(inside, Mapping) else root

    def mappings(self) -> Iterator[Mapping]:
        """All mappings written in place, outside of the keys that the user may fill."""
        return (s.node for s in self.sites if isinstance(s.node, Mapping))

    def is_plainly(self, node: Node, word: str) -> bool:
        """Whether the node is this word, as such or in quotes."""
        raw = self.text[node.start : node.end]
        return raw in (word, f'"{word}"', f"'{word}'")

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    def is_flow(self, node: Mapping | Sequence) -> bool:
        return self.text[node.start] in "{["


def take_apart(name: str, data: bytes) -> Subject | None:
    """The subject in a file; None where it cannot be read.

    Nor is one of an older release taken apart: the schemas are those of today's language.
    """
    document = read(name, data)
    if not isinstance(document, Document):
        return None
    dialect = recognise(document.root)
    if not isinstance(dialect, Dialect) or dialect.form is not Form.TODAY:
        return None
    subject = Subject(name, document.text, document)
    root = document.root
    if not isinstance(root, Mapping) or not isinstance(
        subject.body.get("orchestrator"), Mapping
    ):
        return None
    subject.sites = [
        site
        for site in _walk(document.root, _language())
        if site.node.via is None and (site.key is None or site.key.via is None)
    ]
    aliases = subject.body.get("aliases")
    names = (
        {key: entry.value.plain() for key, entry in aliases.entries.items()}
        if isinstance(aliases, Mapping)
        else {}
    )
    subject.parts = [part for part in _parts(subject, names) if part.node.via is None]
    subject.tags = list(_tags(subject))
    return subject


@cache
def components() -> dict[str, Any]:
    """The catalogue that is published."""
    loaded: dict[str, Any] = json.loads(
        (_SCHEMAS / "components.json").read_text(encoding="utf-8")
    )
    return loaded


@cache
def _language() -> Schema:
    return compile_schema(configuration_schema())


def _walk(
    node: Node,
    schema: Schema,
    key: Scalar | None = None,
    owner: Mapping | None = None,
    owner_schema: Schema | None = None,
) -> Iterator[Site]:
    if schema.switch is not None:
        name, then, otherwise = schema.switch
        has = isinstance(node, Mapping) and name in node.entries
        yield from _walk(node, then if has else otherwise, key, owner, owner_schema)
        return
    if schema.alternatives:
        kind = json_type(node)
        for branch in schema.alternatives:
            if branch.types is not None and kind in branch.types:
                for site in _walk(node, branch, key, owner, owner_schema):
                    # Another branch may take what this one does not.
                    yield site._replace(schema=schema) if site.node is node else site
                return
        return
    yield Site(node, schema, key, owner, owner_schema)
    if isinstance(node, Mapping):
        for entry in node:
            known = (schema.properties or {}).get(entry.key.text)
            if known is None and isinstance(schema.additional, Schema):
                known = schema.additional
            if known is not None:
                yield from _walk(entry.value, known, entry.key, node, schema)
    elif isinstance(node, Sequence) and schema.items is not None:
        for item in node.items:
            yield from _walk(item, schema.items)


def _parts(subject: Subject, aliases: dict[str, Any]) -> Iterator[Part]:
    services = subject.body.get("services")
    found: list[Node] = []
    if isinstance(services, Mapping):
        found = [entry.value for entry in services]
    elif isinstance(services, Sequence):
        found = services.items
    for service in found:
        if isinstance(service, Mapping):
            yield Part(service, _component(service, aliases), True)
    orchestrator = subject.body.get("orchestrator")
    assert isinstance(orchestrator, Mapping)
    runners = orchestrator.get("runners")
    if isinstance(runners, Sequence):
        for runner in runners.items:
            if isinstance(runner, Mapping):
                yield from _steps(runner.get("pipe"), None, aliases)


def _steps(
    node: Node | None, siblings: Sequence | None, aliases: dict[str, Any]
) -> Iterator[Part]:
    if not isinstance(node, Mapping):
        return
    yield Part(node, _component(node, aliases), False, siblings)
    steps = node.get("steps")
    if isinstance(steps, Sequence):
        for step in steps.items:
            yield from _steps(step, steps, aliases)


def _component(node: Mapping, aliases: dict[str, Any]) -> dict[str, Any] | None:
    use = node.get("use")
    name = None if use is None else use.plain()
    seen: set[str] = set()
    # A case has aliases that name each other.
    while isinstance(name, str) and name in aliases and name not in seen:
        seen.add(name)
        name = aliases[name]
    return components().get(str(name))


def _tags(subject: Subject) -> Iterator[Tag]:
    """Where the text of the file is the text of the expression, character by character.

    In steps and services only: `{{ ... }}` in a description is text, in a trigger Prefect's.
    """
    seen: set[int] = set()
    pending: list[Node] = [part.node for part in subject.parts]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            pending += [entry.value for entry in node]
        elif isinstance(node, Sequence):
            pending += node.items
        elif isinstance(node, Scalar) and node.start not in seen:
            seen.add(node.start)
            raw = subject.text[node.start : node.end]
            if "raw" in raw or "{#" in raw:
                continue  # braces are text there
            for found in _EXPRESSION.finditer(raw):
                # With an odd number of quotes, the braces found stand in one of them.
                is_whole = not found[0].count("'") % 2 and not found[0].count('"') % 2
                if is_whole and found[0] in node.text and "\\" not in found[0]:
                    at = node.start + found.start()
                    yield Tag(at, at + len(found[0]), found[0])
