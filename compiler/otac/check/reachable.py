"""Steps that never run."""

import re
from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, Label, warning
from otac.lower.project import Call, Composite, Literal, Project, Step, Template

_ENDS = re.compile(r"\s*\{\{\s*(stop|fail)\([^(){}]*\)\s*\}\}\s*")


def check_reachable(project: Project) -> Iterator[Diagnostic]:
    """Warn of steps whose condition is constant and false, or that stand after an end."""
    for runner in project.runners:
        yield from _list(runner.steps)


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
        if isinstance(step.action, Composite):
            yield from _list(step.action.steps)
        if end is None and _ends(step):
            end = step


def _ends(step: Step) -> bool:
    """Whether nothing runs after this step, whatever happens."""
    always = step.condition is None or (
        isinstance(step.condition, Literal) and step.condition.data is True
    )
    if not always or step.for_each is not None or step.depends_on:
        return False
    if isinstance(step.action, Composite):
        return any(_ends(inner) for inner in step.action.steps)
    return _call_ends(step.action, step.policy.continue_on_error)


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
    # Imported here, like all that knows expressions: most projects need none of it.
    from otac.expressions.parse import parse

    expression = parse(condition.text)
    if expression.problem or expression.references or not expression.single:
        return False
    # Nothing is asked for, so that the value is the same at every run.
    from otac.expressions.environment import ExpressionError, compile_value

    try:
        return not compile_value(condition.text)({})
    except ExpressionError:
        return False
