"""Parameters of composites that no step inside reads."""

from collections.abc import Iterator
from dataclasses import replace

from otac.check.reading import Path, readings
from otac.config.decode import STEP_KEYS
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.diagnostics.edit import How, Reshaping, Safety
from otac.diagnostics.suggest import nearest
from otac.lower.project import Argument, Composite, Literal, Project, Runner, Step


def check_unread_parameters(
    project: Project, incomplete: frozenset[str]
) -> Iterator[Diagnostic]:
    """Warn of parameters that nobody reads; a misspelt name is one reason."""
    for runner in project.runners:
        lists = dict(_lists(runner))
        if not lists or runner.id in incomplete:
            continue
        reading = readings(runner)
        for path, arguments in lists.items():
            known = {argument.name for argument in arguments}
            missed = set(reading.names.get(path, ())) - known
            for argument in arguments:
                if argument.key is not None and not reading.reads(path, argument.name):
                    outcome = _as_outcome(argument, _following(runner, path))
                    yield replace(_unread(argument, missed), proposed=outcome)


def _lists(runner: Runner) -> Iterator[tuple[Path, tuple[Argument, ...]]]:
    """The composites of a runner that have parameters."""
    if runner.config:
        yield (), runner.config
    pending: list[Step] = list(runner.steps)
    while pending:
        step = pending.pop()
        if isinstance(step.action, Composite):
            if step.action.config:
                yield step.path, step.action.config
            pending.extend(step.action.steps)


def _following(runner: Runner, path: Path) -> tuple[Step, tuple[Step, ...]] | None:
    """The composite at a path, and the steps behind it in its list."""
    steps, found = runner.steps, None
    for name in path:
        at = next(i for i, step in enumerate(steps) if step.id == name)
        found = steps[at], steps[at + 1 :]
        action = steps[at].action
        steps = action.steps if isinstance(action, Composite) else ()
    return found


def _as_outcome(
    argument: Argument, place: tuple[Step, tuple[Step, ...]] | None
) -> Reshaping | None:
    """What `on_success: finish` and `on_failure: continue` of early drafts are today."""
    key, value = argument.key, argument.value
    if place is None or key is None or not isinstance(value, Literal):
        return None
    step, following = place
    gone = Reshaping(How.WITHOUT, key, argument.name, Safety.CONFIRM, "", value.origin)
    match argument.name, value.data:
        case "on_failure", "continue" if step.policy.on_error != "stop":
            reason = "the list goes on after a failure in this form"
            return gone._replace(reason=reason)
        case "on_success", str(word) if word.startswith("finish"):
            if any(other.condition is not None for other in following):
                return None
            for other in following:
                condition = f"if: \"{{{{ has_failed('{step.id}') }}}}\""
                gone = gone._replace(
                    also=Reshaping(How.BEFORE, other.origin, condition, also=gone.also)
                )
            reason = "the steps behind it are for its failure alone"
            return gone._replace(reason=reason)
    return None


def _unread(argument: Argument, missed: set[str]) -> Diagnostic:
    similar = nearest(argument.name, sorted(missed))
    return warning(
        "OTC348",
        f"no step reads the parameter `{argument.name}`",
        argument.key,
        "it has no effect",
        help=_help(argument.name, similar),
        suggestion=similar,
    )


def _help(name: str, similar: str | None) -> str:
    if similar is not None:
        return f"did you mean `{similar}`, which a step asks for?"
    if name in STEP_KEYS:
        return "write it beside `params`, where it is a key of the step"
    return "let a step read it, or remove it"
