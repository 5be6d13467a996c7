"""Models that are named nowhere else, and nearly as another one."""

import re
from collections.abc import Iterator

from otac.check.mention_places import Places
from otac.check.mentions import Mention, argument, calls, slips, text_at
from otac.diagnostics.diagnostic import Diagnostic, Label, warning
from otac.diagnostics.slips import is_slip
from otac.lower.project import Argument, Composite, Project, Runner, Step
from otac.source.document import Document

_PARAMETERS = ("model_name", "queue_model", "priority_model")
_ON_THE_HUB = re.compile(r"(?:(?P<owner>\w[\w.-]*)/)?(?P<model>\w[\w.-]*)")


def check_model_names(project: Project, document: Document) -> Iterator[Diagnostic]:
    """Warn of a model that is written once and is most likely another one, misspelt."""
    places = Places(document)
    for slip in slips(_mentions(project), _is_slip):
        name, meant = slip.mention.text, slip.meant
        yield warning(
            "OTC392",
            f"model `{name}` is named only here",
            places.of(slip.mention),
            f"elsewhere it is `{meant}`",
            help=f"did you mean `{meant}`?",
            suggestion=meant,
            labels=()
            if slip.first is None
            else (Label(places.of(slip.first), "the other one"),),
        )


def _is_slip(name: str, other: str, times: int) -> bool:
    return is_slip(name, other) or _has_another_owner(name, other, times)


def _has_another_owner(name: str, other: str, times: int) -> bool:
    """Whether only the owner differs: one is missing, or the other one is the usual."""
    one, two = _ON_THE_HUB.fullmatch(name), _ON_THE_HUB.fullmatch(other)
    if one is None or two is None or one["model"] != two["model"]:
        return False
    return times > 1 or one["owner"] is None or two["owner"] is None


def _mentions(project: Project) -> Iterator[Mention]:
    for service in (*project.services, *project.unused_services):
        yield from _of(service.arguments, None)
    for runner in project.runners:
        yield from _of(runner.config, runner)
        for parameter in runner.parameters:
            if parameter.name in _PARAMETERS and isinstance(parameter.default, str):
                yield Mention(parameter.default, parameter.origin)
        for call in calls(runner):
            yield from _of(call.arguments, runner)
        for config in _configs(runner.steps):
            yield from _of(config, runner)


def _of(arguments: tuple[Argument, ...], runner: Runner | None) -> Iterator[Mention]:
    for one in arguments:
        if one.name in _PARAMETERS:
            yield from text_at(argument((one,), one.name, runner), runner)


def _configs(steps: tuple[Step, ...]) -> Iterator[tuple[Argument, ...]]:
    """The parameters of the composites among steps."""
    for step in steps:
        if isinstance(step.action, Composite):
            yield step.action.config
            yield from _configs(step.action.steps)
