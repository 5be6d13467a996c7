"""The ids of the steps of a list."""

import re
from collections.abc import Iterable

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
    return with_derived(
        [
            (
                None if config.id is None else config.id.value,
                None
                if config.use is None or config.steps is not None
                # A list of steps is called after what it is.
                else config.use.value,
            )
            for config in configs
        ]
    )


def with_derived(steps: Iterable[tuple[str | None, str | None]]) -> list[str]:
    """The ids of a list, from those that are given and what the steps use."""
    steps = list(steps)
    taken = {step_id for step_id, _ in steps if step_id is not None}
    ids: list[str] = []
    for given, use in steps:
        if given is not None:
            ids.append(given)
            continue
        base = _derived_id(use)
        step_id, number = base, 1
        while step_id in taken:
            number += 1
            step_id = f"{base}_{number}"
        taken.add(step_id)
        ids.append(step_id)
    return ids


def _derived_id(use: str | None) -> str:
    """An id for a step without one: what it does, in snake case."""
    if use is None:
        return "steps"
    name = re.split(r"[.:]", use)[-1]
    words = _WORDS.findall(name)
    return "_".join(word.lower() for word in words) or "step"
