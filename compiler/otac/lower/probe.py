"""The probe of a resident runner: its leading steps up to the first that can stop."""

import re
from collections.abc import Iterator

from otac.lower.project import (
    Argument,
    Call,
    Composite,
    ListValue,
    Literal,
    MappingValue,
    Step,
    Template,
    Value,
)

Path = tuple[str, ...]

_CALLS_STOP = re.compile(r"\bstop\s*\(")


def probe_of(steps: tuple[Step, ...]) -> frozenset[Path]:
    """The paths of the probe's steps; empty where no step can stop."""
    paths: list[Path] = []
    for path in _leading(steps, eager=False):
        if path is None:
            return frozenset(paths)
        paths.append(path)
    return frozenset()


def _leading(steps: tuple[Step, ...], *, eager: bool) -> Iterator[Path | None]:
    """The paths of steps in the order in which they begin, None behind one that can stop.

    A composite comes before its steps. One whose own condition or loop can stop has been
    left when its steps begin; one whose parameters can, stops in the first step that
    reads them, which is taken to be the first (`eager`).
    """
    for step in steps:
        yield step.path
        loop = () if step.for_each is None else (step.for_each.items,)
        condition = () if step.condition is None else (step.condition,)
        if any(_calls_stop(value) for value in (*condition, *loop)):
            yield None
        match step.action:
            case Composite(inner, arguments):
                yield from _leading(inner, eager=eager or _in_any(arguments))
            case Call(component, arguments):
                raises = component.stops and _is_on(arguments)
                if eager or raises or _in_any(arguments):
                    yield None


def _in_any(arguments: tuple[Argument, ...]) -> bool:
    return any(_calls_stop(argument.value) for argument in arguments)


def _is_on(arguments: tuple[Argument, ...]) -> bool:
    """False where a component that can stop is told not to."""
    return not any(
        argument.name == "stop_when_empty"
        and isinstance(argument.value, Literal)
        and argument.value.data is False
        for argument in arguments
    )


def _calls_stop(value: Value) -> bool:
    match value:
        case Template(text):
            return _CALLS_STOP.search(text) is not None
        case ListValue(items):
            return any(map(_calls_stop, items))
        case MappingValue(entries):
            return any(_calls_stop(item) for _, item in entries)
        case _:
            return False
