"""Results of steps that may have been skipped, and so have none."""

import re
from collections.abc import Iterator, Sequence

from otac.check.results import Place
from otac.diagnostics.diagnostic import Diagnostic, Label, warning
from otac.expressions.reference import StepReference
from otac.lower.project import Composite, Literal, Runner, Step, Template

_PER_ITEM = re.compile(r"\b(?:item|index)\b")


class SkippedResults:
    """Warns once for each pair of a step and the step it asks."""

    def __init__(self) -> None:
        self._told: set[tuple[str, tuple[str, ...], tuple[str, ...]]] = set()

    def check(
        self,
        reference: StepReference,
        text: str,
        asking: Step,
        asked: Step,
        runner: Runner,
        place: Place,
    ) -> Iterator[Diagnostic]:
        """Warn if the step that is asked may be skipped where the one that asks is not."""
        if reference.function not in ("get_pipe_result", "pipe_result"):
            return
        if reference.has_default or reference.step is None:
            return
        if not _is_conditional(asked) and len(asked.path) == 1:
            return
        skipper = _skipper(asking, asked, runner, text)
        pair = (runner.id, asking.path, asked.path)
        if skipper is None or pair in self._told:
            return
        self._told.add(pair)
        name = reference.step.text
        yield warning(
            "OTC381",
            f"step `{name}` may have been skipped, and then has no result",
            place(reference.step.start, reference.step.end),
            "asking for the result fails this step then",
            labels=(Label(skipper.origin, "this one may be skipped"),),
            help="add `default=...` to the call, or `depends_on: "
            f"{'.'.join(skipper.path[_common(asking.path, skipper.path) :])}` to this step",
        )


def _skipper(asking: Step, asked: Step, runner: Runner, text: str) -> Step | None:
    """The step, or the composite around it, that may be skipped all by itself."""
    shared = _common(asking.path, asked.path)
    askers = list(_chain(runner.steps, asking.path))
    for siblings, step in list(_chain(runner.steps, asked.path))[shared:]:
        if not _may_be_skipped(step, siblings):
            continue
        if re.search(rf"has_(?:succeeded|failed)\(\s*['\"][\w.-]*{step.id}['\"]", text):
            continue
        if not any(_is_tied(one, step, among, text) for among, one in askers[shared:]):
            return step
    return None


def _is_conditional(step: Step) -> bool:
    return step.condition is not None or bool(step.depends_on)


def _may_be_skipped(step: Step, siblings: Sequence[Step]) -> bool:
    match step.condition:
        case Literal(data=False):
            return True
        case Template(text=text):
            # Asked for each item, it leaves out items and not the step.
            if step.for_each is None or _PER_ITEM.search(text) is None:
                return True
    # What a step depends on may fail; then, unless it says `continue`, the list ends.
    earlier = siblings[: siblings.index(step)]
    return any(
        other.id in step.depends_on
        and (other.policy.on_error != "stop" or _may_be_skipped(other, siblings))
        for other in earlier
    )


def _is_tied(asking: Step, asked: Step, siblings: Sequence[Step], text: str) -> bool:
    """Whether the one is skipped too where the other is, or looks before it asks."""
    pending, seen = list(asking.depends_on), set[str]()
    while pending:
        name = pending.pop()
        if name == asked.id or name.endswith(f".{asked.id}"):
            return True
        if name not in seen:
            seen.add(name)
            pending += (n for s in siblings if s.id == name for n in s.depends_on)
    condition = asking.condition
    if not isinstance(condition, Template) or condition.text == text:
        return False
    if isinstance(asked.condition, Template) and condition.text == asked.condition.text:
        return True
    return re.search(rf"['\".]{re.escape(asked.id)}['\"]", condition.text) is not None


def _chain(
    steps: Sequence[Step], path: tuple[str, ...]
) -> Iterator[tuple[Sequence[Step], Step]]:
    """The steps that a path leads through, each with its list."""
    for name in path:
        named = [step for step in steps if step.id == name]
        yield from ((steps, step) for step in named[:1])
        # Two of one name are reported; the path leads through either.
        steps = tuple(
            inner
            for step in named
            if isinstance(step.action, Composite)
            for inner in step.action.steps
        )


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    pairs = zip(one, other, strict=False)
    return next(
        (n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other))
    )
