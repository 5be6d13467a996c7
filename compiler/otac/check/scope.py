"""Which steps an expression can see, and what it means by an id."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from otac.lower.project import Composite, ForEach, Literal, Step, Template


class Lookup(Enum):
    """Why an id names no step that has run."""

    UNKNOWN = "unknown"
    LATER = "later"
    ITSELF = "itself"
    AMBIGUOUS = "ambiguous"
    REPEATED = "repeated"
    INSIDE = "inside"


@dataclass(frozen=True, slots=True)
class StepScope:
    """A place in a list of steps.

    `steps` is the whole list, `position` the index of the step that asks (or the length of
    the list). `parent` is the place of the enclosing composite in its own list. `config`
    are the names of the composite's parameters; `loop` is the `for_each` around it, if any.
    """

    steps: tuple[Step, ...]
    position: int
    config: frozenset[str]
    loop: "Loop | None"
    parent: "StepScope | None"

    @property
    def earlier(self) -> tuple[Step, ...]:
        """The steps of this list that have run."""
        return self.steps[: self.position]

    def outward(self) -> "Iterator[StepScope]":
        """This scope and the enclosing ones, nearest first."""
        scope: StepScope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


@dataclass(frozen=True, slots=True)
class Loop:
    """What a `for_each` goes through, and the place where that is asked."""

    items: Template | Literal
    scope: StepScope

    @classmethod
    def of(cls, for_each: ForEach | None, scope: StepScope) -> "Loop | None":
        """The loop of a step at this place; the one around it where it is none itself."""
        return scope.loop if for_each is None else cls(for_each.items, scope)


def find(scope: StepScope, name: str) -> Step | Lookup:
    """The step that `name` means here: own list, enclosing lists, earlier composites."""
    for place in scope.outward():
        for step in place.earlier:
            if step.id == name:
                return step
    inside = _candidates(scope, name)
    if len(inside) == 1:
        return inside[0][0]
    return Lookup.AMBIGUOUS if inside else _why_not(scope, name)


def paths(scope: StepScope, name: str) -> tuple[str, ...]:
    """The paths of the steps that an ambiguous name could mean."""
    return tuple(path for _, path in _candidates(scope, name))


def _candidates(scope: StepScope, name: str) -> list[tuple[Step, str]]:
    """Steps inside earlier composites of the nearest list that has any, with paths."""
    for place in scope.outward():
        inside = [
            (step, _path_from(composite, step))
            for composite in place.earlier
            for step in _inside(composite)
            if _answers(step, composite, name)
        ]
        if inside:
            return inside
    return []


def _path_from(composite: Step, step: Step) -> str:
    return ".".join(step.path[len(composite.path) - 1 :])


def visible(scope: StepScope) -> tuple[str, ...]:
    """Every id that could be asked for here, nearest first, each once."""
    names: list[str] = []
    for place in scope.outward():
        names.extend(step.id for step in place.earlier)
    for place in scope.outward():
        for composite in place.earlier:
            names.extend(step.id for step in _inside(composite))
    return tuple(dict.fromkeys(names))


def visible_paths(scope: StepScope) -> tuple[str, ...]:
    """The paths by which a step inside an earlier composite can be asked for."""
    return tuple(
        _path_from(composite, step)
        for place in scope.outward()
        for composite in place.earlier
        for step in _inside(composite)
    )


def _inside(step: Step, *, repeated: bool = False) -> Iterator[Step]:
    """All steps inside a composite, at any depth.

    None of a composite that is `repeated`, unless they are asked for: its steps ran once
    for each item, and the result of which item would be meant?
    """
    if isinstance(step.action, Composite) and (repeated or step.for_each is None):
        for inner in step.action.steps:
            yield inner
            yield from _inside(inner, repeated=repeated)


def _answers(step: Step, composite: Step, name: str) -> bool:
    if "." not in name:
        return step.id == name
    relative = _path_from(composite, step)
    return relative == name or relative.endswith(f".{name}")


def _has_inside(scope: StepScope, name: str) -> bool:
    """Whether the step that asks is a composite with a step of this name."""
    if scope.position >= len(scope.steps):
        return False
    asking = scope.steps[scope.position]
    inside = _inside(asking, repeated=True)
    return any(_answers(step, asking, name) for step in inside)


def _why_not(scope: StepScope, name: str) -> Lookup:
    for place in scope.outward():
        for index in range(place.position, len(place.steps)):
            if place.steps[index].id == name:
                return Lookup.ITSELF if index == place.position else Lookup.LATER
        if _has_inside(place, name):
            return Lookup.INSIDE
        for composite in place.earlier:
            repeated = _inside(composite, repeated=True)
            if any(_answers(step, composite, name) for step in repeated):
                return Lookup.REPEATED
    return Lookup.UNKNOWN
