"""Parameters of a composite that speak of its own steps, such as the text of a note.

When the composite begins, none of its steps has run. What such a parameter asks for is
there by the time a step reads it, and it is rendered then.
"""

import re
from collections.abc import Iterator

from otac.lower.project import (
    Argument,
    Composite,
    ListValue,
    MappingValue,
    Step,
    Template,
    Value,
)

_RESULT = re.compile(
    r"\b(?:get_pipe_result|pipe_result|has_failed|has_succeeded)\(\s*(['\"])([\w.-]+)\1"
)
_PARAMETER = re.compile(r"\bconfig(?:\.|\[['\"])(\w+)")


def with_late(
    config: tuple[Argument, ...],
    steps: tuple[Step, ...],
    earlier: frozenset[str] = frozenset(),
    around: frozenset[str] = frozenset(),
) -> tuple[tuple[Argument, ...], tuple[Step, ...]]:
    """The parameters and the steps of a list, those that are late marked at any depth.

    `earlier` are the ids of the steps that have run when the list begins: they are meant
    first. `around` are late parameters of the list further out.
    """
    if config:
        inside = frozenset(_inside(steps))
        config = tuple(
            argument._replace(late=True)
            if _is_late(argument.value, inside - earlier, around)
            else argument
            for argument in config
        )
    late = frozenset(argument.name for argument in config if argument.late)
    found: list[Step] = []
    for position, step in enumerate(steps):
        match step.action:
            case Composite(inner, arguments):
                known = earlier | {one.id for one in steps[:position]}
                given, below = with_late(arguments, inner, known, late)
                if given is not arguments or below is not inner:
                    step = step._replace(action=Composite(below, given))
            case _:
                pass
        found.append(step)
    unchanged = all(one is other for one, other in zip(found, steps, strict=True))
    return config, steps if unchanged else tuple(found)


def _inside(steps: tuple[Step, ...]) -> Iterator[str]:
    """Every name that a step of a list, at any depth, can be asked for by."""
    for step in steps:
        yield step.id
        if isinstance(step.action, Composite):
            for name in _inside(step.action.steps):
                yield name
                yield f"{step.id}.{name}"


def _is_late(value: Value, inside: frozenset[str], around: frozenset[str]) -> bool:
    match value:
        case Template(text=text):
            return any(one[2] in inside for one in _RESULT.finditer(text)) or (
                bool(around)
                and any(one[1] in around for one in _PARAMETER.finditer(text))
            )
        case ListValue(items=items):
            return any(_is_late(item, inside, around) for item in items)
        case MappingValue(entries=entries):
            return any(_is_late(item, inside, around) for _, item in entries)
        case _:
            return False
