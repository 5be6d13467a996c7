"""Renaming a step, and all that ask for it."""

import re
from typing import NamedTuple

from otac.lsp.state import State
from otac.lsp.uses import Use, same, step_at, uses
from otac.source.core_schema import resolve
from otac.source.span import Span

_ID = re.compile(r"[A-Za-z0-9_.\-]{1,200}")


class Edit(NamedTuple):
    """`text` instead of what stands in `span`."""

    span: Span
    text: str


def renamed_at(state: State, offset: int) -> Use | None:
    """The step whose name stands at an offset and can be changed."""
    known = state.known if state.is_ours else None
    named = None if known is None else step_at(known, offset)
    return None if named is None or named.placed.id is None else named


def references(state: State, offset: int) -> list[Use]:
    """Every place that names the step at an offset, its definition first."""
    named = renamed_at(state, offset)
    if named is None or state.known is None:
        return []
    found: dict[tuple[int, ...], Use] = {}
    for use in uses(state.known):
        if same(use.placed, named.placed):
            found.setdefault(tuple(use.span[:2]), use)
    return list(found.values())


def rename(state: State, offset: int, name: str) -> list[Edit] | str:
    """What to change so that the step has another name; a reason if it cannot have it."""
    found = references(state, offset)
    if not found or state.known is None:
        return "there is no step here that has an id"
    if _ID.fullmatch(name) is None:
        return f"`{name}` is no id: letters, digits, `-`, `_` and `.` are"
    runners = {use.placed.runner for use in found}
    for placed in state.known.outline.steps:
        if (
            placed.runner in runners
            and placed.step.id == name
            and not any(same(placed, use.placed) for use in found)
        ):
            return f"another step of this runner is called `{name}`"
    plain_as = name
    if not isinstance(resolve(name), str) or name.startswith("-"):
        plain_as = f'"{name}"'
    return [Edit(use.span, plain_as if use.is_plain else name) for use in found]
