"""Config to Project: defaults applied, names resolved, policies written out."""

from collections.abc import Iterator
from dataclasses import dataclass

from otac.catalogue import Catalogue
from otac.config.model import Config, Located, RunnerConfig
from otac.config.shape import Lost
from otac.diagnostics.diagnostic import Diagnostic, Label, error, warning
from otac.lower.context import Context, Options
from otac.lower.notifications import lower_notifications
from otac.lower.parameters import is_json
from otac.lower.project import DEFAULT_PROJECT_NAME, Project
from otac.lower.requirements import check_requirements
from otac.lower.reserved import check_placeholders
from otac.lower.runners import Runners
from otac.lower.services import ServiceLowering
from otac.source.document import Mapping, Node, Scalar, Sequence


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


# `after`: runners that start each other without end.
def check_circles(context: Context) -> None:
    """Report every circle of `after` once, at the reference that closes it."""
    runners = {runner.id.value: runner for runner in context.config.runners}
    done: set[str] = set()
    for name in runners:
        _visit(context, name, runners, [], done)


def _visit(
    context: Context,
    name: str,
    runners: dict[str, RunnerConfig],
    path: list[tuple[str, Located[str]]],
    done: set[str],
) -> None:
    """Follow `after` from one runner; `path` are the references followed so far."""
    if name in done or name not in runners:
        return
    for reference in runners[name].after:
        here = [*path, (name, reference)]
        names = [runner for runner, _ in here]
        if reference.value == name:
            continue  # reported where the reference was resolved
        if reference.value in names:
            circle = here[names.index(reference.value) :]
            way = " after ".join(f"`{runner}`" for runner, _ in circle)
            context.report(
                error(
                    "OTC350",
                    "these runners start each other without end",
                    reference.span,
                    f"{way} after `{reference.value}`",
                    labels=tuple(
                        Label(earlier.span, "through this one")
                        for _, earlier in circle[:-1]
                    ),
                    help="remove one of these references",
                )
            )
        else:
            _visit(context, reference.value, runners, here, done)
    done.add(name)


# Images without a word on where the code lies in them.
# The working directory of Prefect's own images, and of those that are made from them.
_USUAL = "/opt/prefect"


def check_images(context: Context) -> None:
    """Without pull steps of the configuration's own, runs look for the code in the folder
    that was deployed from, which is one of this machine's and not of the image's. And a
    container has no template beside it that it could be forked from."""
    config = context.config
    policies = (config.run_policy, *(runner.run_policy for runner in config.runners))
    images = [config.prefect.image, *(_image(one.job_variables) for one in policies)]
    start = config.prefect.start
    is_warm = start is not None and start.value == "warm"
    for image in images:
        if image is None:
            continue
        if config.prefect.pull is None:
            context.report(_no_folder(image))
        if is_warm:
            context.report(_cold(image))


def _no_folder(image: Located[str]) -> Diagnostic:
    return warning(
        "OTC377",
        "nothing says where the code lies in the image",
        image.span,
        "runs would look for it in a folder of the machine that deploys",
        help="write `pull: [{prefect.deployments.steps."
        f"set_working_directory: {{directory: {_USUAL}}}}}]` under "
        f"`prefect`; `{_USUAL}` is the working directory of Prefect's "
        "images, `/project` that of `otac build --docker`",
    )


def _cold(image: Located[str]) -> Diagnostic:
    return warning(
        "OTC323",
        "runs in an image start cold, in spite of `start: warm`",
        image.span,
        "each of these runs is a container, and imports Prefect itself",
        help="leave out `start: warm`; or leave out `image`, use a work pool of type "
        "`process`, and run `otac worker start` in a container of the image",
    )


def _image(variables: Mapping | None) -> Located[str] | None:
    for entry in () if variables is None else variables:
        value = entry.value
        if entry.key.text == "image" and isinstance(value, Scalar) and value.text:
            return Located(value.text, value.span)
    return None


# Numbers that JSON does not have, where Prefect's API is told of them.
_LONGEST = 40


def check_json_numbers(context: Context) -> None:
    """`.inf`, `.nan` and whole numbers of more than 64 bits in parameters of flows and
    schedules, in job variables, triggers and pull steps. In a step they are numbers like
    any other."""
    for node in _sent(context):
        for number in _unsendable(node):
            is_whole = isinstance(number.value, int)
            text = number.text if len(number.text) <= _LONGEST else "the number"
            context.report(
                error(
                    "OTC375",
                    f"`{text}` is not a number that Prefect can store",
                    number.span,
                    "it has more than 64 bits"
                    if is_whole
                    else "it is sent as JSON, which has no such number",
                    help="write a number, or leave it out and let the step decide",
                )
            )


def _sent(context: Context) -> Iterator[Node]:
    config = context.config
    if config.run_policy.job_variables is not None:
        yield config.run_policy.job_variables
    yield from config.prefect.pull or ()
    for runner in config.runners:
        if runner.run_policy.job_variables is not None:
            yield runner.run_policy.job_variables
        yield from runner.triggers
        for parameter in runner.parameters:
            yield parameter.value
        for schedule in runner.schedules or ():
            for parameter in schedule.parameters:
                yield parameter.value


def _unsendable(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            if isinstance(node.value, int | float) and not is_json(node.value):
                yield node
        case Mapping():
            for entry in node:
                yield from _unsendable(entry.value)
        case Sequence():
            for item in node.items:
                yield from _unsendable(item)
