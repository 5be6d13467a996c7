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
                yield from text_at(item, None)


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
