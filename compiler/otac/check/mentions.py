"""Names of things outside of the configuration: queues, priorities, models."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, TypeAlias

from otac.config.schema import Schema
from otac.lower.project import (
    Argument,
    FlowArgument,
    ListValue,
    Literal,
    MappingValue,
    Runner,
    Template,
    Value,
)
from otac.source.document import Document, Json, Mapping, Node, Scalar, Sequence, Span

_PARAMETER = re.compile(r"\s*\{\{\s*params\.(\w+)\s*\}\}\s*")


Path: TypeAlias = tuple[str | int, ...]


class Mention(NamedTuple):
    """A name that is written out, at `path` in the value at `origin`.

    A number in the path is a position in a list. With `is_key`, the last part of the path
    is itself the name.
    """

    text: str
    origin: Span
    path: Path = ()
    is_key: bool = False

    @property
    def place(self) -> tuple[int, int, Path]:
        """The same for a name that aliases and merges bring to several places."""
        return self.origin.start, self.origin.end, self.path


class Slip(NamedTuple):
    """A name that is most likely `meant`, which is mentioned at `first` if anywhere."""

    mention: Mention
    meant: str
    first: Mention | None


def argument(
    arguments: Iterable[Argument], name: str, runner: Runner | None = None
) -> Value | None:
    """What is given under a name."""
    value = next((one.value for one in arguments if one.name == name), None)
    return _written(value, runner)


def _written(value: Value | None, runner: Runner | None) -> Value | None:
    """The value; where that is a parameter of the flow, its default."""
    name: str | None = None
    match value:
        case FlowArgument(name=name):
            pass
        case Template(text=text) if (found := _PARAMETER.fullmatch(text)) is not None:
            name = found[1]
    for parameter in () if runner is None else runner.parameters:
        if parameter.name == name:
            return Literal(parameter.default, parameter.origin)
    return value


def text_at(
    value: Value | None, runner: Runner | None, *keys: str
) -> Iterator[Mention]:
    """The text behind some keys, if it is written out."""
    match value:
        case MappingValue(entries=entries) if keys:
            inner = _written(dict(entries).get(keys[0]), runner)
            yield from text_at(inner, runner, *keys[1:])
        case Literal(data=data, origin=origin):
            for key in keys:
                data = data.get(key) if isinstance(data, dict) else None
            if isinstance(data, str) and data:
                yield Mention(data, origin, keys)


def keys_of(value: Value | None) -> tuple[str, ...]:
    """The keys of a mapping, or the texts of a list."""
    match value:
        case MappingValue(entries=entries):
            return tuple(key for key, _ in entries)
        case Literal(data=dict() as data):
            return tuple(data)
        case Literal(data=list() as data):
            return tuple(item for item in data if isinstance(item, str))
    return ()


class NameUse(NamedTuple):
    """A name where a component's schema says that one stands.

    `what` is `queue`, `priority`, `model` or a plugin's own word. `must_be_listed` is true
    where it has to be one of those that are listed, if any are, `may_be_new` where some
    make what is not there.
    """

    mention: Mention
    what: str
    must_be_listed: bool
    may_be_new: bool = False


def uses(
    value: Value | None, schema: Schema, runner: Runner | None
) -> Iterator[NameUse]:
    """Every name in a value, at any depth. Those that only a run knows are left out."""
    yield from _uses(_written(value, runner), schema, runner, ())


def _uses(
    value: Value | None, schema: Schema, runner: Runner | None, path: Path
) -> Iterator[NameUse]:
    match value:
        case Literal(data=data, origin=origin):
            yield from _in_data(data, schema, origin, path)
        case MappingValue(entries=entries, origin=origin):
            named = _written(dict(entries).get("name"), runner)
            for mention in text_at(named, runner):
                yield from _use(mention, schema)
            for key, inner in entries:
                yield from _key(key, schema, origin, (key,))
                for each in _below(schema, key):
                    yield from _uses(_written(inner, runner), each, runner, ())
        case ListValue(items=items):
            for each in _items(schema):
                for item in items:
                    yield from _uses(_written(item, runner), each, runner, ())


def _in_data(data: Json, schema: Schema, origin: Span, path: Path) -> Iterator[NameUse]:
    match data:
        case str() if data:
            yield from _use(Mention(data, origin, path), schema)
        case dict():
            name = data.get("name")
            if isinstance(name, str) and name:
                yield from _use(Mention(name, origin, (*path, "name")), schema)
            for key, inner in data.items():
                yield from _key(key, schema, origin, (*path, key))
                for each in _below(schema, key):
                    yield from _in_data(inner, each, origin, (*path, key))
        case list():
            for each in _items(schema):
                for position, item in enumerate(data):
                    yield from _in_data(item, each, origin, (*path, position))


def _use(mention: Mention, schema: Schema) -> Iterator[NameUse]:
    for one in _branches(schema):
        if one.names_what is not None:
            yield NameUse(mention, one.names_what, one.is_listed, one.is_new)
            return


def _key(key: str, schema: Schema, origin: Span, path: Path) -> Iterator[NameUse]:
    for one in _branches(schema):
        keys = one.names
        if keys is not None and keys.names_what is not None:
            mention = Mention(key, origin, path, is_key=True)
            yield NameUse(mention, keys.names_what, keys.is_listed)


def _below(schema: Schema, key: str) -> Iterator[Schema]:
    for one in _branches(schema):
        inner = (one.properties or {}).get(key)
        if inner is None and isinstance(one.additional, Schema):
            inner = one.additional
        if inner is not None:
            yield inner


def _items(schema: Schema) -> Iterator[Schema]:
    return (one.items for one in _branches(schema) if one.items is not None)


def _branches(schema: Schema) -> Iterator[Schema]:
    yield schema
    for one in schema.alternatives:
        yield from _branches(one)


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


# Where names stand that are part of a larger value.
class Places:
    """Where names stand in a document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def of(self, mention: Mention) -> Span:
        """The place of a name; the whole value where its own is not to be told."""
        if not mention.path:
            return mention.origin
        node = self._nodes.get(mention.origin)
        found: Scalar | None = None
        for part in mention.path:
            match node, part:
                case Mapping(entries=entries), str() if part in entries:
                    key, node = entries[part]
                    found = key if mention.is_key else None
                case Sequence(items=items), int() if part < len(items):
                    node = items[part]
                case _:
                    return mention.origin
        found = found or (node if isinstance(node, Scalar) else None)
        return mention.origin if found is None else found.span

    @cached_property
    def _nodes(self) -> dict[Span, Node]:
        """The mappings and sequences, which values were made of."""
        found: dict[Span, Node] = {}
        pending = [self._document.root]
        while pending:
            node = pending.pop()
            if isinstance(node, Scalar):
                continue
            found[node.span] = node
            if isinstance(node, Mapping):
                pending.extend(entry.value for entry in node)
            else:
                pending.extend(node.items)
        return found
