"""Parameters of composites that no step inside reads."""

from collections.abc import Iterator

from otac.check.reading import Path, readings
from otac.config.decode import STEP_KEYS
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.diagnostics.suggest import nearest
from otac.lower.project import Argument, Composite, Project, Runner, Step


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
                    yield _unread(argument, missed)


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
