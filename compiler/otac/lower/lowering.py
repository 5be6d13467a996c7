"""Config to Project: defaults applied, names resolved, policies written out."""

from dataclasses import dataclass

from otac.catalogue import Catalogue
from otac.config.lost import Lost
from otac.config.model import Config
from otac.diagnostics.diagnostic import Diagnostic
from otac.lower.circles import check_circles
from otac.lower.context import Context, Options
from otac.lower.images import check_images
from otac.lower.json_numbers import check_json_numbers
from otac.lower.notifications import lower_notifications
from otac.lower.placeholders import check_placeholders
from otac.lower.project import DEFAULT_PROJECT_NAME, Project
from otac.lower.requirements import check_requirements
from otac.lower.runners import Runners
from otac.lower.services import ServiceLowering


@dataclass(frozen=True, slots=True)
class Lowered:
    """A project and what was found on the way.

    Where there are errors the project is for further checks only and must not be emitted.
    `incomplete` are the runners of which the shape check refused a part: what seems to be
    missing in them may be what was refused. `lost` are keys that errors have cost.
    """

    project: Project
    diagnostics: tuple[Diagnostic, ...]
    incomplete: frozenset[str]
    lost: tuple[Lost, ...]


def lower(config: Config, catalogue: Catalogue, options: Options) -> Lowered:
    """Lower a configuration.

    The catalogue holds what `components.import_paths` named. Everything that is wrong is
    reported once, at its place.
    """
    context = Context(config, catalogue, options)
    check_requirements(context)
    check_circles(context)
    check_placeholders(context)
    check_json_numbers(context)
    check_images(context)
    services = ServiceLowering(context)
    runners = Runners(context, services).lower()
    pull = config.prefect.pull
    project = Project(
        name=DEFAULT_PROJECT_NAME
        if config.prefect.name is None
        else config.prefect.name.value,
        source=options.source,
        runners=runners,
        services=services.used,
        notifications=lower_notifications(context),
        pull=None if pull is None else tuple(step.plain() for step in pull),
        log_level=config.log_level,
        unused_services=services.unused,
    )
    incomplete = frozenset(
        runner.id.value for runner in config.runners if context.damaged(runner.span)
    )
    lost = tuple(context.lost)
    return Lowered(project, tuple(context.diagnostics), incomplete, lost)
