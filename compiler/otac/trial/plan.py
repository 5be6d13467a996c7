"""What a process has to know of a compiled project in order to try its runners."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from otac.emit.layout import Output
from otac.emit.project_files import constructor_names
from otac.local.job import job
from otac.lower.project import Call, Project

_OURS = "otac.components"


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service: its id in the configuration, and what it is.

    `kind` is `ticket_system`, `classifier`, `notifier` or `unknown`.
    """

    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """Where the flow of a runner is; of a resident runner, that of one tick."""

    module: str
    function: str


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """The flows by runner, and the services by the names of their constructors."""

    flows: Mapping[str, FlowEntry]
    services: Mapping[str, ServiceEntry]

    @classmethod
    def of(cls, data: Mapping[str, Mapping[str, Any]]) -> "TrialPlan":
        """From what `dataclasses.asdict` makes of one."""
        return cls(
            {name: FlowEntry(**entry) for name, entry in data["flows"].items()},
            {name: ServiceEntry(**entry) for name, entry in data["services"].items()},
        )


def plan(project: Project, output: Output) -> TrialPlan:
    """The plan of a project and what was made from it."""
    jobs = [job(output, runner.id, {}) for runner in project.runners]
    names = constructor_names(project.services)
    return TrialPlan(
        {one.runner: FlowEntry(one.module, one.function) for one in jobs},
        {
            names[service.title]: ServiceEntry(service.title, service.kind)
            for service in project.services
        },
    )


def is_ours(call: Call) -> bool:
    """Whether the component is one of otac's, which does nothing but through services."""
    module = call.component.module
    return module == _OURS or module.startswith(f"{_OURS}.")
