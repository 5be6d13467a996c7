"""Renaming a step, and all that ask for it."""

import re

from otac.diagnostics.edit import Edit
from otac.lower.reserved import with_derived
from otac.lsp.known import KnownTree
from otac.lsp.outline import Placed, given
from otac.lsp.state import State
from otac.lsp.tree import at
from otac.lsp.uses import StepUse, same, step_at, uses_of
from otac.source.document import Sequence, Span
from otac.source.properties import resolve

_ID = re.compile(r"[A-Za-z0-9_.\-]{1,200}")


def renamed_at(state: State, offset: int) -> StepUse | None:
    """The step whose name stands at an offset."""
    known = state.known if state.is_ours else None
    return None if known is None else step_at(known, offset)


def references(state: State, offset: int) -> list[StepUse]:
    """Every place that names the step at an offset, its definition first."""
    named = renamed_at(state, offset)
    known = state.known
    return [] if named is None or known is None else uses_of(known, named.placed)


def rename(state: State, offset: int, name: str) -> list[Edit] | str:
    """What to change so that the step has another name; a reason if it cannot have it."""
    named, known = renamed_at(state, offset), state.known
    if named is None or known is None:
        return "no step is named here"
    if _ID.fullmatch(name) is None:
        return f"`{name}` is not an id: letters, digits, `-`, `_` and `.` are"
    found = uses_of(known, named.placed)
    concerned = {use.placed.runner for use in found}
    for placed in known.outline.steps:
        if (
            placed.runner in concerned
            and placed.step.id == name
            and not same(placed, named.placed)
        ):
            return f"another step of this runner is called `{name}`"
    for use in found:
        moved = _renumbered(known, use.placed, name)
        if moved is not None:
            return f"step `{moved}` has its id from its place; give it an `id` first"
    plain_as = name
    if not isinstance(resolve(name), str) or name.startswith("-"):
        plain_as = f'"{name}"'
    edits = [Edit(use.span, plain_as if use.is_plain else name) for use in found]
    if named.placed.id is not None:
        return edits
    identified = _identified(state.text, named.placed, plain_as)
    return identified if isinstance(identified, str) else [identified, *edits]


def _identified(text: str, placed: Placed, name: str) -> Edit | str:
    """An `id` for a step without one."""
    node = placed.node
    if node.via is not None:
        return f"step `{placed.step.id}` came in through an alias and has no `id`"
    if text[node.start] == "{":
        start = node.start + 1
        return Edit(Span(start, start), f"id: {name}, ")
    column = node.start - text.rfind("\n", 0, node.start) - 1
    return Edit(Span(node.start, node.start), f"id: {name}\n{' ' * column}")


def _renumbered(known: KnownTree, placed: Placed, name: str) -> str | None:
    """A step beside it whose derived id would be another one then."""
    listed = at(known.document.root, placed.path[:-1])
    if not isinstance(listed, Sequence):
        return None
    own = placed.path[-1]
    before = [given(item) for item in listed.items]
    after = [
        (name, use) if number == own else (step_id, use)
        for number, (step_id, use) in enumerate(before)
    ]
    ids = zip(with_derived(before), with_derived(after), strict=True)
    for number, (old, new) in enumerate(ids):
        if number != own and old != new:
            return old
    return None
