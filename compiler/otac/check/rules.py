"""All rules, one after the other."""

from otac.check.dependencies import check_dependencies
from otac.check.expressions import check_expressions
from otac.check.notification_blocks import check_notification_blocks
from otac.check.runner_names import check_runner_names
from otac.check.time_budget import check_time_budget
from otac.diagnostics.diagnostic import Diagnostic
from otac.lower.project import Project
from otac.source.document import Document


def check(
    project: Project, document: Document, incomplete: frozenset[str]
) -> tuple[Diagnostic, ...]:
    """Everything that the rules find.

    `document` places findings inside strings. `incomplete` are runners of which something
    was refused before: an unknown step there is not reported.
    """
    return (
        *check_runner_names(project),
        *check_dependencies(project, incomplete),
        *check_expressions(project, document, incomplete),
        *check_time_budget(project),
        *check_notification_blocks(project),
    )
