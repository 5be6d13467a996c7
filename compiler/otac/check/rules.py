"""All rules, one after the other."""

from collections.abc import Iterator
from pathlib import Path

from otac.catalogue import Catalogue
from otac.check.outside_names import check_outside_names
from otac.check.reachable import check_reachable
from otac.check.runner_names import (
    check_notification_blocks,
    check_runner_names,
    check_unused_services,
)
from otac.check.shared_queues import check_shared_claims, check_shared_queues
from otac.check.step_references import check_dependencies
from otac.check.templates import check_map_rules, templates
from otac.check.time_budget import (
    check_retry_budget,
    check_start_rate,
    check_time_budget,
    check_waiting,
)
from otac.diagnostics.diagnostic import Diagnostic
from otac.lower.project import Composite, Project
from otac.schedules import RRule
from otac.source.document import Document


def check(
    project: Project,
    document: Document,
    incomplete: frozenset[str],
    catalogue: Catalogue,
    environment: frozenset[str] | None = None,
    models: Path | None = None,
) -> tuple[Diagnostic, ...]:
    """Everything that the rules find.

    `document` places findings inside strings. `incomplete` are runners of which something
    was refused before: an unknown step there is not reported. `catalogue` knows what the
    components of the project take and return. `environment` are the variables that runs
    will have; None where that is not known. `models` is the folder from which the paths of
    trained models count; without it, models are not looked at.
    """
    return (
        *check_runner_names(project),
        *check_dependencies(project, incomplete),
        *_expressions(project, document, incomplete, catalogue),
        *_environment(project, document, environment),
        *check_reachable(project),
        *_unread_parameters(project, incomplete),
        *check_time_budget(project),
        *check_retry_budget(project),
        *check_waiting(project, catalogue),
        *check_start_rate(project),
        *_particular_schedules(project),
        *check_shared_queues(project),
        *check_shared_claims(project),
        *check_unused_services(project),
        *check_outside_names(project, document, catalogue),
        *check_map_rules(project, document),
        *_models(project, models),
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


def _particular_schedules(project: Project) -> Iterator[Diagnostic]:
    whens = [s.when for runner in project.runners for s in runner.schedules]
    if any(when.timezone is not None for when in whens):
        from otac.check.schedules import check_daylight_saving

        yield from check_daylight_saving(project)
    if any(isinstance(when, RRule) for when in whens):
        from otac.check.schedules import check_never_fires

        yield from check_never_fires(project)


def _models(project: Project, folder: Path | None) -> Iterator[Diagnostic]:
    services = (*project.services, *project.unused_services)
    if folder is not None and any(
        service.component.name == "TrainedClassifier" for service in services
    ):
        from otac.check.trained_models import check_trained_models, read_cards

        yield from check_trained_models(project, read_cards(project, folder))


def _environment(
    project: Project, document: Document, names: frozenset[str] | None
) -> Iterator[Diagnostic]:
    if names is not None:
        from otac.check.environment import check_environment

        yield from check_environment(project, document, names)
