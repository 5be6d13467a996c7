"""All rules, one after the other."""

from collections.abc import Iterator

from otac.catalogue import Catalogue
from otac.check.dependencies import check_dependencies
from otac.check.notification_blocks import check_notification_blocks
from otac.check.reachable import check_reachable
from otac.check.runner_names import check_runner_names
from otac.check.templates import templates
from otac.check.time_budget import check_time_budget
from otac.diagnostics.diagnostic import Diagnostic
from otac.lower.project import Composite, Project
from otac.source.document import Document


def check(
    project: Project,
    document: Document,
    incomplete: frozenset[str],
    catalogue: Catalogue,
) -> tuple[Diagnostic, ...]:
    """Everything that the rules find.

    `document` places findings inside strings. `incomplete` are runners of which something
    was refused before: an unknown step there is not reported. `catalogue` knows what the
    components of the project take and return.
    """
    return (
        *check_runner_names(project),
        *check_dependencies(project, incomplete),
        *_expressions(project, document, incomplete, catalogue),
        *check_reachable(project),
        *_unread_parameters(project, incomplete),
        *check_time_budget(project),
        *check_notification_blocks(project),
    )


def _unread_parameters(
    project: Project, incomplete: frozenset[str]
) -> Iterator[Diagnostic]:
    has_parameters = any(r.config for r in project.runners)
    is_nested = any(
        isinstance(step.action, Composite) for r in project.runners for step in r.steps
    )
    if has_parameters or is_nested:
        # Reads expressions, as below.
        from otac.check.unread_parameters import check_unread_parameters

        yield from check_unread_parameters(project, incomplete)


def _expressions(
    project: Project,
    document: Document,
    incomplete: frozenset[str],
    catalogue: Catalogue,
) -> Iterator[Diagnostic]:
    if next(templates(project), None) is not None:
        # A tenth of what a small build costs, and the guide's example needs none of it.
        from otac.check.argument_types import check_argument_types
        from otac.check.expressions import check_expressions
        from otac.check.result_types import ResultTypes

        types = ResultTypes(catalogue)
        yield from check_expressions(project, document, incomplete, types)
        yield from check_argument_types(project, types, catalogue)
