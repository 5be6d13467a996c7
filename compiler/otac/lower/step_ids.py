"""The ids of the steps of a list."""

import re

from otac.config.model import StepConfig
from otac.diagnostics.diagnostic import Label, error
from otac.lower.context import Context
from otac.source.span import Span

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def step_ids(context: Context, configs: tuple[StepConfig, ...]) -> list[str]:
    """The ids of a list, derived ones where none is given."""
    given: dict[str, Span] = {}
    for config in configs:
        if config.id is None:
            continue
        first = given.get(config.id.value)
        if first is not None:
            context.report(
                error(
                    "OTC304",
                    f"step `{config.id.value}` is defined twice in one list",
                    config.id.span,
                    "ids are unique within a list of steps",
                    labels=(Label(first, "first defined here"),),
                )
            )
        else:
            given[config.id.value] = config.id.span
    taken = set(given)
    ids: list[str] = []
    for config in configs:
        if config.id is not None:
            ids.append(config.id.value)
            continue
        base = _derived_id(config)
        step_id, number = base, 1
        while step_id in taken:
            number += 1
            step_id = f"{base}_{number}"
        taken.add(step_id)
        ids.append(step_id)
    return ids


def _derived_id(config: StepConfig) -> str:
    """An id for a step without one: what it does, in snake case."""
    if config.use is None or config.steps is not None:
        return "steps"
    name = re.split(r"[.:]", config.use.value)[-1]
    words = _WORDS.findall(name)
    return "_".join(word.lower() for word in words) or "step"
