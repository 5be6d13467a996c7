"""Steps that never run."""

import re
from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, Label, warning
from otac.lower.project import Call, Composite, Literal, Project, Step, Template

_ENDS = re.compile(r"\s*\{\{\s*(stop|fail)\([^(){}]*\)\s*\}\}\s*")

_HAS_FAILED = re.compile(
    r"\s*\{\{-?\s*has_failed\(\s*['\"]([\w.-]+)['\"]\s*\)(\s+and\s.*|\s*-?)\}\}\s*",
    re.DOTALL,
)
_OTHERWISE = re.compile(r"\b(?:or|if)\b")


def check_reachable(project: Project) -> Iterator[Diagnostic]:
    """Warn of steps whose condition is constant and false, or that stand after an end.

    What was written once behind an anchor may stand in several lists: such a step is told
    of if it runs in none of them.
    """
    running = {
        condition.origin[:2]
        for runner in project.runners
        for step in _all(runner.steps)
        if (condition := step.condition) is not None
        and not _is_false(condition)
        and _contradicts(step) is None
    }
    for runner in project.runners:
        for found in _list(runner.steps):
            if found.span is None or found.span[:2] not in running:
                yield found


def _all(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step.action, Composite):
            yield from _all(step.action.steps)


def _list(steps: tuple[Step, ...]) -> Iterator[Diagnostic]:
    end: Step | None = None
    for step in steps:
        if end is not None and not step.asks_failure:
            yield warning(
                "OTC382",
                f"step `{step.id}` is never reached",
                step.origin,
                "no later step runs",
                labels=(Label(end.origin, "this one always ends the run before it"),),
                help="give the step that ends the run a condition, or remove this one",
            )
            return
        condition = step.condition
        if condition is not None and _is_false(condition):
            yield warning(
                "OTC382",
                f"step `{step.id}` never runs",
                condition.origin,
                "this is never true",
                help="remove the step, or comment it out until it is wanted",
            )
            continue
        asked = _contradicts(step)
        if asked is not None and condition is not None:
            yield warning(
                "OTC382",
                f"step `{step.id}` never runs",
                condition.origin,
                f"it asks that `{asked}` has failed",
                labels=_depends_on(step, asked),
                help="remove one of the two",
            )
            continue
        if isinstance(step.action, Composite):
            yield from _list(step.action.steps)
        if end is None and _ends(step):
            end = step


def _contradicts(step: Step) -> str | None:
    """The step of which the condition asks that it has failed, and `depends_on` not."""
    condition = step.condition
    if not step.depends_on or not isinstance(condition, Template):
        return None
    found = _HAS_FAILED.fullmatch(condition.text)
    if found is None or _OTHERWISE.search(found[2]) is not None:
        return None
    return found[1] if found[1] in step.depends_on else None


def _depends_on(step: Step, name: str) -> tuple[Label, ...]:
    places = zip(step.depends_on, step.depends_on_at, strict=False)
    return tuple(
        Label(span, "this asks that it has succeeded")
        for one, span in places
        if one == name
    )


def _ends(step: Step) -> bool:
    """Whether nothing runs after this step, whatever happens."""
    always = step.condition is None or (
        isinstance(step.condition, Literal) and step.condition.data is True
    )
    if not always or step.for_each is not None or step.depends_on:
        return False
    if isinstance(step.action, Composite):
        return any(_ends(inner) for inner in step.action.steps)
    return _call_ends(step.action, step.policy.on_error != "stop")


def _call_ends(call: Call, continues: bool) -> bool:
    for argument in call.arguments:
        if isinstance(argument.value, Template):
            found = _ENDS.fullmatch(argument.value.text)
            if found is not None and not (continues and found[1] == "fail"):
                return True
    return False


def _is_false(condition: Template | Literal) -> bool:
    if isinstance(condition, Literal):
        return condition.data is False
    from otac.expressions.parse import parse  # most projects have no condition

    expression = parse(condition.text)
    if expression.problem or expression.references or not expression.single:
        return False
    # Nothing is asked for, so that the value is the same at every run.
    from otac.expressions.environment import ExpressionError, compile_value

    try:
        return not compile_value(condition.text)({})
    except ExpressionError:
        return False
