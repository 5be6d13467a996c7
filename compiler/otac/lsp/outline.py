"""The runners and steps of a tree, sound or not, and what their expressions ask.

Made from the tree and not from the intermediate representation, which a file with errors
does not have.
"""

from collections.abc import Iterator
from typing import NamedTuple

from otac.check.scope import StepScope
from otac.config.decode import STEP_KEYS
from otac.dialects import body_of
from otac.dialects.names import today
from otac.lower.project import (
    Call,
    Component,
    Composite,
    ForEach,
    Literal,
    Policy,
    Step,
)
from otac.lower.reserved import with_derived
from otac.lsp.tree import Path, at
from otac.source.document import Document, Entry, Mapping, Node, Scalar, Sequence, Span

_NOWHERE = Span(0, 0)
_POLICY = Policy(0, 0.0, None, None, "stop")
_CALL = Call(Component("", "", _NOWHERE), (), ())
_NOTHING = Literal(None, _NOWHERE)


class Placed(NamedTuple):
    """A step. `id` is where its name stands; None where it has none."""

    step: Step
    id: Scalar | None
    node: Mapping
    path: Path
    scope: StepScope
    runner: int


class StepList(NamedTuple):
    """A list of steps at the end of `path`, and the composite around it."""

    path: Path
    steps: tuple[Step, ...]
    parent: StepScope | None
    composite: Mapping
    runner: int


class RunnerAt(NamedTuple):
    """A runner."""

    id: Scalar | None
    node: Mapping
    path: Path
    number: int


class RunnerPart(NamedTuple):
    """A runner and what is in it. No step is seen from another runner."""

    runner: RunnerAt
    steps: tuple[Placed, ...]
    lists: tuple[StepList, ...]

    def placed(self, step: Step) -> Placed | None:
        """Where a step of this runner stands."""
        return next((one for one in self.steps if one.step is step), None)


class Outline(NamedTuple):
    """All runners, in the order of the file; `body` leads to the configuration."""

    body: Path
    parts: tuple[RunnerPart, ...]

    @property
    def runners(self) -> tuple[RunnerAt, ...]:
        return tuple(part.runner for part in self.parts)

    @property
    def steps(self) -> Iterator[Placed]:
        return (placed for part in self.parts for placed in part.steps)

    def part_of(self, path: Path) -> RunnerPart | None:
        """The runner that a path leads into."""
        size = len(self.body) + 3
        here = path[:size]
        return next((one for one in self.parts if one.runner.path == here), None)

    def list_of(self, path: Path) -> tuple[StepList, StepScope] | None:
        """The innermost list of steps on a path, and the place in it."""
        part = self.part_of(path)
        for one in reversed(part.lists if part is not None else ()):
            size = len(one.path)
            if path[:size] == one.path:
                position = len(one.steps)
                if len(path) > size and isinstance(path[size], int):
                    position = min(int(path[size]), position)
                elif one.path[-1:] == ("pipe",):
                    position = 0
                else:
                    continue
                return one, StepScope(
                    one.steps, position, frozenset(), None, one.parent
                )
        return None

    def list_around(self, scope: StepScope, path: Path) -> StepList | None:
        """The list that a place is in, of the runner that a path leads into."""
        part = self.part_of(path)
        lists = () if part is None else part.lists
        return next((one for one in lists if one.steps is scope.steps), None)

    def step_of(self, path: Path) -> Placed | None:
        """The innermost step on a path."""
        part = self.part_of(path)
        steps = () if part is None else part.steps
        found = [one for one in steps if path[: len(one.path)] == one.path]
        return max(found, key=lambda one: len(one.path), default=None)


def outline(document: Document, before: Outline | None = None) -> Outline:
    """The outline of a document in today's form; empty for others.

    What `before` says of a runner is kept where it is of the same node at the same path.
    """
    root = document.root
    if not isinstance(root, Mapping):
        return Outline((), ())
    body: Path = () if body_of(root) is root else ("open_ticket_ai",)
    kept = {} if before is None else {id(one.runner.node): one for one in before.parts}
    runners = at(root, (*body, "orchestrator", "runners"))
    found: list[RunnerPart] = []
    for index, node in enumerate(
        runners.items if isinstance(runners, Sequence) else ()
    ):
        if isinstance(node, Mapping):
            path = (*body, "orchestrator", "runners", index)
            part = kept.get(id(node))
            place = (path, len(found))
            if part is None or (part.runner.path, part.runner.number) != place:
                part = _part(node, *place)
            found.append(part)
    return Outline(body, tuple(found))


def _part(node: Mapping, path: Path, number: int) -> RunnerPart:
    made = _Making()
    made.runner(number, node, path)
    runner = RunnerAt(_scalar(node.get("pipe_id")), node, path, number)
    return RunnerPart(runner, tuple(made.steps), tuple(made.lists))


def _scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) and node.text else None


class _Making:
    def __init__(self) -> None:
        self.steps: list[Placed] = []
        self.lists: list[StepList] = []

    def runner(self, number: int, node: Mapping, path: Path) -> None:
        pipe = node.get("pipe")
        if not isinstance(pipe, Mapping):
            return
        inner = pipe.get("steps")
        if isinstance(inner, Sequence):
            self._list(inner, (*path, "pipe", "steps"), None, pipe, (), number)
            return
        own = _scalar(pipe.get("id"))
        # As lowering has it: a pipe without an id is called what the runner is.
        named = own or _scalar(node.get("pipe_id"))
        step = _step(pipe, (), "" if named is None else named.text)
        self.lists.append(StepList((*path, "pipe"), (step,), None, pipe, number))
        scope = StepScope((step,), 0, frozenset(), None, None)
        found = Placed(step, own, pipe, (*path, "pipe"), scope, number)
        self.steps.append(found)

    def _list(
        self,
        nodes: Sequence,
        path: Path,
        parent: StepScope | None,
        composite: Mapping,
        above: tuple[str, ...],
        runner: int,
        made: tuple[Step, ...] | None = None,
    ) -> None:
        steps = made if made is not None else _steps(nodes, above)
        self.lists.append(StepList(path, steps, parent, composite, runner))
        for index, (node, step) in enumerate(zip(nodes.items, steps, strict=True)):
            if not isinstance(node, Mapping):
                continue
            scope = StepScope(steps, index, frozenset(), None, parent)
            here = (*path, index)
            self.steps.append(
                Placed(step, _scalar(node.get("id")), node, here, scope, runner)
            )
            inner = node.get("steps")
            if isinstance(inner, Sequence) and isinstance(step.action, Composite):
                self._list(
                    inner,
                    (*here, "steps"),
                    scope,
                    node,
                    step.path,
                    runner,
                    step.action.steps,
                )


def _steps(nodes: Sequence, above: tuple[str, ...]) -> tuple[Step, ...]:
    ids = with_derived(map(given, nodes.items))
    return tuple(
        _step(node, above, name) for node, name in zip(nodes.items, ids, strict=True)
    )


def given(node: Node) -> tuple[str | None, str | None]:
    """The id of a step, and what its id is made of where it has none."""
    if not isinstance(node, Mapping):
        return "", None
    own, use = _scalar(node.get("id")), _scalar(node.get("use"))
    if use is None or "steps" in node.entries:
        return None if own is None else own.text, None
    known = today(use.text)
    return None if own is None else own.text, use.text if known is None else known.name


def _step(node: Node, above: tuple[str, ...], own: str) -> Step:
    path = (*above, own)
    action: Call | Composite = _CALL
    for_each = None
    if isinstance(node, Mapping):
        inner = node.get("steps")
        if isinstance(inner, Sequence):
            action = Composite(_steps(inner, path), ())
        if "for_each" in node.entries:
            for_each = ForEach(_NOTHING, 1)
    return Step(own, path, action, _POLICY, (), None, False, (), for_each, _NOWHERE)


def parameters_of(composite: Mapping) -> Iterator[Entry]:
    """A composite's parameters, which its steps read as `config`."""
    for entry in composite:
        if entry.key.text == "params" and isinstance(entry.value, Mapping):
            yield from entry.value
        elif entry.key.text not in STEP_KEYS:
            yield entry


def texts_of(placed: Placed) -> Iterator[Scalar]:
    """The scalars of a step's own values, without those of the steps inside of it."""
    pending: list[Node] = [
        entry.value for entry in placed.node if entry.key.text != "steps"
    ]
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Mapping):
            pending += (entry.value for entry in node)
        else:
            pending += node.items
