"""Names of things outside of the configuration: queues, priorities, models."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from otac.lower.project import (
    Argument,
    Call,
    Composite,
    FlowArgument,
    ListValue,
    Literal,
    MappingValue,
    Project,
    Runner,
    Step,
    Template,
    Value,
)
from otac.source.document import Document, Mapping, Node, Scalar, Sequence
from otac.source.span import Span

_COMPONENTS = "otac.components"
_PARAMETER = re.compile(r"\s*\{\{\s*params\.(\w+)\s*\}\}\s*")


class Mention(NamedTuple):
    """A name that is written out, at `path` in the value at `origin`.

    A number in the path is a position in a list. With `is_key`, the last part of the path
    is itself the name.
    """

    text: str
    origin: Span
    path: tuple[str | int, ...] = ()
    is_key: bool = False

    @property
    def place(self) -> tuple[int, int, tuple[str | int, ...]]:
        """The same for a name that aliases and merges bring to several places."""
        return self.origin.start, self.origin.end, self.path


class Slip(NamedTuple):
    """A name that is most likely `meant`, which is mentioned at `first` if anywhere."""

    mention: Mention
    meant: str
    first: Mention | None


def calls(runner: Runner) -> Iterator[Call]:
    """Every call of a runner, at any depth."""
    pending: list[Step] = list(reversed(runner.steps))
    while pending:
        action = pending.pop().action
        if isinstance(action, Composite):
            pending.extend(reversed(action.steps))
        else:
            yield action


def built_in_calls(project: Project) -> Iterator[tuple[Call, Runner]]:
    """Every call of a component that comes with otac."""
    for runner in project.runners:
        for call in calls(runner):
            if call.component.module == _COMPONENTS:
                yield call, runner


def argument(
    arguments: Iterable[Argument], name: str, runner: Runner | None = None
) -> Value | None:
    """What is given under a name; the default where that is a parameter of the flow."""
    value = next((one.value for one in arguments if one.name == name), None)
    asked: str | None = None
    match value:
        case FlowArgument(name=asked):
            pass
        case Template(text=text) if (found := _PARAMETER.fullmatch(text)) is not None:
            asked = found[1]
    for parameter in () if runner is None else runner.parameters:
        if parameter.name == asked:
            return Literal(parameter.default, parameter.origin)
    return value


def text_at(value: Value | None, *keys: str) -> Iterator[Mention]:
    """The text behind some keys, if it is written out."""
    match value:
        case MappingValue(entries=entries) if keys:
            yield from text_at(dict(entries).get(keys[0]), *keys[1:])
        case Literal(data=data, origin=origin):
            for key in keys:
                data = data.get(key) if isinstance(data, dict) else None
            if isinstance(data, str) and data:
                yield Mention(data, origin, keys)


def names_in(value: Value | None) -> Iterator[Mention]:
    """The keys of a mapping, or the texts of a list."""
    match value:
        case MappingValue(entries=entries, origin=origin):
            for key, _ in entries:
                yield Mention(key, origin, (key,), is_key=True)
        case Literal(data=dict() as data, origin=origin):
            for key in data:
                yield Mention(key, origin, (key,), is_key=True)
        case Literal(data=list() as data, origin=origin):
            for position, item in enumerate(data):
                if isinstance(item, str):
                    yield Mention(item, origin, (position,))
        case ListValue(items=items):
            for item in items:
                yield from text_at(item)


def slips(
    mentions: Iterable[Mention],
    is_slip: Callable[[str, str, int], bool],
    known: Collection[str] = (),
) -> Iterator[Slip]:
    """Names that are written once and look like another one, misspelt.

    `is_slip` is asked about the name, the other one, and how often that is written. Of two
    names that are both written once, the later is the slip. `known` are names that are
    right in any case.
    """
    places: dict[str, dict[tuple[object, ...], Mention]] = defaultdict(dict)
    for mention in mentions:
        places[mention.text].setdefault(mention.place, mention)
    first = {
        text: min(found.values(), key=lambda one: one.place[:2])
        for text, found in places.items()
    }
    names = sorted({*places, *known}, key=lambda name: (-len(places[name]), name))
    for text, found in list(places.items()):
        if text in known or len(found) != 1:
            continue
        mention = first[text]
        for other in names:
            times = len(places[other])
            later = times == 1 and first[other].place[:2] > mention.place[:2]
            if other == text or (later and other not in known):
                continue
            if is_slip(text, other, times):
                yield Slip(mention, other, first.get(other))
                break


def place(document: Document, mention: Mention) -> Span:
    """Where a name stands; the whole value where that is not to be told."""
    node = _at(document.root, mention.origin)
    key: Scalar | None = None
    for part in mention.path:
        match node, part:
            case Mapping(entries=entries), str() if part in entries:
                key, node = entries[part]
            case Sequence(items=items), int() if part < len(items):
                node = items[part]
            case _:
                return mention.origin
    if node is None or not mention.path:
        return mention.origin
    return key.span if mention.is_key and key is not None else node.span


def _at(root: Node, span: Span) -> Node | None:
    """The node that a value was made of."""
    pending = [root]
    while pending:
        node = pending.pop()
        if not isinstance(node, Scalar) and node.span == span:
            return node
        match node:
            case Mapping(entries=entries):
                pending.extend(entry.value for entry in entries.values())
            case Sequence(items=items):
                pending.extend(items)
            case _:
                pass
    return None
