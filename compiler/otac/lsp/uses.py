"""Where steps are asked for by their ids."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from otac.check.scope import StepScope, find
from otac.expressions.parse import parse
from otac.expressions.reference import Reference, Segment, StepReference
from otac.lower.project import Step
from otac.lsp.known import KnownTree
from otac.lsp.outline import Placed, RunnerPart, texts_of
from otac.source.document import Document, Node, Scalar, Sequence, Span
from otac.source.items import nodes
from otac.source.scalar_position import subspan


class StepUse(NamedTuple):
    """A place that names a step. `is_plain`: the name is a YAML scalar without quotes.

    `defines` tells that the step has its name from there.
    """

    span: Span
    placed: Placed
    is_plain: bool = False
    defines: bool = False


_found: WeakKeyDictionary[Document, dict[int, tuple[StepUse, ...]]] = (
    WeakKeyDictionary()
)


def uses(known: KnownTree, parts: Iterable[RunnerPart]) -> tuple[StepUse, ...]:
    """Every place where a step of these runners is named, definitions included."""
    found = _found.setdefault(known.document, {})
    made: list[StepUse] = []
    for part in parts:
        number = part.runner.number
        if number not in found:
            found[number] = tuple(_uses(known, part))
        made += found[number]
    return tuple(made)


def _uses(known: KnownTree, part: RunnerPart) -> Iterator[StepUse]:
    for placed in part.steps:
        if placed.id is not None:
            span, plain = _whole(known.document, placed.id)
            yield StepUse(span, placed, plain, True)
    for placed in part.steps:
        yield from _dependencies(known, part, placed)
        for scalar in texts_of(placed):
            for reference in parse(scalar.text).references:
                if isinstance(reference, StepReference) and reference.step is not None:
                    name = reference.step
                    for start, end, target in _parts(part, placed.scope, name.text):
                        span = subspan(
                            known.document,
                            scalar,
                            name.start + start,
                            name.start + end,
                        )
                        yield StepUse(span, target)


def step_at(known: KnownTree, offset: int) -> StepUse | None:
    """The step that is named at an offset."""
    found = uses(known, _around(known, offset))
    return next(
        (use for use in found if use.span.start <= offset <= use.span.end), None
    )


def uses_of(known: KnownTree, step: Placed) -> list[StepUse]:
    """Every place that names a step, its definition first."""
    concerned = {one.runner for one in known.outline.steps if same(one, step)}
    parts = [known.outline.parts[number] for number in sorted(concerned)]
    found: dict[tuple[int, ...], StepUse] = {}
    for use in uses(known, parts):
        if same(use.placed, step):
            found.setdefault(tuple(use.span[:2]), use)
    return list(found.values())


def _around(known: KnownTree, offset: int) -> list[RunnerPart]:
    """The runner in which a place is, or those that can have it from an alias."""
    parts = known.outline.parts
    for part in parts:
        node = part.runner.node
        if node.via is None and node.start <= offset <= node.end:
            return [part]
    if "*" not in known.document.text:
        return []
    return [
        part
        for part in parts
        if any(node.via is not None for node in nodes(part.runner.node))
    ]


def same(one: Placed, other: Placed) -> bool:
    """Whether two steps have their id from the same place of the file."""
    if one.id is None or other.id is None:
        return one.step is other.step
    return one.id.span[:2] == other.id.span[:2]


def reference_at(
    known: KnownTree, scalar: Scalar, offset: int
) -> tuple[Reference, int] | None:
    """The reference of an expression at an offset, and the offset within its text."""
    index = 0
    for index in range(len(scalar.text) + 1):
        at = subspan(known.document, scalar, index, min(index + 1, len(scalar.text)))
        if at.start >= offset or index == len(scalar.text):
            break
    for reference in parse(scalar.text).references:
        if _start(reference) <= index <= _end(reference):
            return reference, index
    return None


def _start(reference: Reference) -> int:
    return reference.start


def _end(reference: Reference) -> int:
    segments: list[Segment] = list(getattr(reference, "path", ()))
    for name in ("step", "key", "name"):
        one = getattr(reference, name, None)
        if one is not None and not isinstance(one, str):
            segments.append(one)
    ends: list[int] = [reference.end, *(one.end for one in segments)]
    return max(ends)


def _dependencies(
    known: KnownTree, part: RunnerPart, placed: Placed
) -> Iterator[StepUse]:
    node: Node | None = placed.node.get("depends_on")
    items = node.items if isinstance(node, Sequence) else [node]
    for item in items:
        if not isinstance(item, Scalar):
            continue
        for start, end, target in _parts(part, placed.scope, item.text):
            is_whole = (start, end) == (0, len(item.text))
            span = subspan(known.document, item, start, end)
            yield StepUse(span, target, is_whole and not item.style)


def _parts(
    part: RunnerPart, scope: StepScope, name: str
) -> Iterator[tuple[int, int, Placed]]:
    """The step behind a name, and where `outer.inner` names steps around it."""
    found = find(scope, name)
    if not isinstance(found, Step):
        return
    placed = part.placed(found)
    end = len(name)
    while placed is not None and end > 0:
        size = len(placed.step.id)
        if not size or name[end - size : end] != placed.step.id:
            return
        yield end - size, end, placed
        end -= size + 1
        scope_around = placed.scope.parent
        placed = (
            None
            if scope_around is None
            else part.placed(scope_around.steps[scope_around.position])
        )


def _whole(document: Document, scalar: Scalar) -> tuple[Span, bool]:
    return subspan(document, scalar, 0, len(scalar.text)), not scalar.style
