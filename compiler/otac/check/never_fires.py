"""Recurrence rules that have come to their end."""

from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Project
from otac.schedules.kinds import RRule
from otac.schedules.recurrence import NOW, is_over


def check_never_fires(project: Project) -> Iterator[Diagnostic]:
    """Warn of schedules that are over. One that never was is refused before."""
    for runner in project.runners:
        for schedule in runner.schedules:
            when = schedule.when
            if isinstance(when, RRule) and is_over(when.rule):
                yield warning(
                    "OTC390",
                    f"a schedule of runner `{runner.id}` never starts a run again",
                    schedule.origin or runner.origin,
                    f"its last run was before {NOW.year}",
                    help="correct the rule, or remove the schedule",
                )
