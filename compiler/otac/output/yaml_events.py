"""A `prefect.yaml` as parser events with their places.

`otac.source` is not used here: it reads YAML 1.2 with the rules for configurations, while
what this file means is decided by `yaml.safe_load`, with which Prefect reads it. libyaml
is not either: it is ten times as fast and takes some files that PyYAML's own scanner
refuses. Events rather than nodes: aliases stay unexpanded, so that comparing two files
takes no longer than reading them, and each piece keeps its own place.
"""

from enum import Enum
from typing import Any, NamedTuple

import yaml
from yaml import events as raw
from yaml.reader import Reader


class UnreadableYaml(Exception):
    """The text is no YAML that Prefect could read; the message says why and where."""


class EventKind(Enum):
    """What begins or ends; one END serves mappings and lists alike."""

    SCALAR = "scalar"
    ALIAS = "alias"
    MAPPING = "mapping"
    LIST = "list"
    END = "end"


class YamlEvent(NamedTuple):
    """One event: its place as character offsets, and what it says."""

    start: int
    end: int
    kind: EventKind
    anchor: str | None = None
    tag: str | None = None
    value: str | None = None
    plain: bool = False
    flow: bool = False


class Stream(NamedTuple):
    """The events of the root node; none for an empty document.

    `bottom` is where the document ends: at the end of the text, or at its `...`.
    """

    events: list[YamlEvent]
    bottom: int


def read(text: str) -> Stream:
    """The only document of `text`, which has no byte order mark. Raises Unreadable."""
    if text.startswith("\ufeff"):
        raise UnreadableYaml("a second byte order mark: line 1, column 1")
    events: list[YamlEvent] = []
    anchors: set[str | None] = set()
    documents, bottom = 0, len(text)
    for event in _parsed(text):
        start, end = event.start_mark, event.end_mark
        match event:
            case raw.DocumentStartEvent():
                documents += 1
                if documents > 1:
                    raise UnreadableYaml(f"a second document begins: {_at(start)}")
            case raw.DocumentEndEvent(explicit=True):
                bottom = start.index
            case raw.CollectionEndEvent():
                events.append(YamlEvent(start.index, end.index, EventKind.END))
            case raw.NodeEvent():
                node = _node(event)
                if node.kind is not EventKind.ALIAS:
                    anchors.add(node.anchor)
                elif node.anchor not in anchors:
                    raise UnreadableYaml(
                        f"`*{node.anchor}` has no anchor: {_at(start)}"
                    )
                events.append(node)
    return Stream(events, bottom)


def _node(event: Any) -> YamlEvent:
    start, end, anchor = event.start_mark.index, event.end_mark.index, event.anchor
    if isinstance(event, raw.AliasEvent):
        return YamlEvent(start, end, EventKind.ALIAS, anchor)
    if isinstance(event, raw.ScalarEvent):
        plain = event.implicit[0]
        return YamlEvent(
            start, end, EventKind.SCALAR, anchor, event.tag, event.value, plain
        )
    kind = (
        EventKind.LIST
        if isinstance(event, raw.SequenceStartEvent)
        else EventKind.MAPPING
    )
    flow = bool(event.flow_style)
    return YamlEvent(start, end, kind, anchor, event.tag, flow=flow)


def _parsed(text: str) -> list[Any]:
    try:
        return list(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        raise UnreadableYaml(f"{problem.problem}: {_at(mark)}") from problem
    except yaml.YAMLError as problem:
        # A character that YAML forbids; the error has no line.
        found = Reader.NON_PRINTABLE.search(text)
        reason = getattr(problem, "reason", "it cannot be read")
        if found is None:
            raise UnreadableYaml(reason) from problem
        line = text.count("\n", 0, found.start())
        column = found.start() - text.rfind("\n", 0, found.start())
        raise UnreadableYaml(f"{reason}: line {line + 1}, column {column}") from problem


def _at(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"
