"""Variables without which services cannot be made, said before the first attempt."""

import os
from collections.abc import Iterable, Iterator

from otac.check.environment import ReadVariable, unset
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.report import Report
from otac.lower.project import Composite, Literal, Runner, Step
from otac.pipeline import Compiled

_LABEL = "neither here nor in an `--env-file`"


def unset_variables(found: Iterable[ReadVariable]) -> tuple[Diagnostic, ...]:
    """Those of these that are not set."""
    return tuple(
        unset(one, os.environ, _LABEL, Severity.ERROR)
        for one in found
        if one.name not in os.environ
    )


def refused_start(compiled: Compiled, runners: Iterable[Runner]) -> Report | None:
    """Why runs of these cannot go well however often they are tried; None if they may.

    A step with a condition may never ask for its service: that is left to the run.
    """
    assert compiled.world is not None
    needed = {title for runner in runners for title in _needed(runner.steps)}
    found = unset_variables(
        one for one in compiled.world.variables if one.service in needed
    )
    return Report(compiled.report.source, found) if found else None


def _needed(steps: tuple[Step, ...]) -> Iterator[str]:
    """The services of the steps that run in any case."""
    for step in steps:
        if step.condition is not None and not _holds(step.condition):
            continue
        match step.action:
            case Composite(steps=inner):
                yield from _needed(inner)
            case call:
                yield from (one.service for one in call.injections)


def _holds(condition: object) -> bool:
    return isinstance(condition, Literal) and bool(condition.data)
