"""All files of a project."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from otac.emit.flow_module import flow_module
from otac.emit.layout import Artifact, DeploymentFile, Group, Output, call, laid_out
from otac.emit.literal import comment, docstring
from otac.emit.schedule import deployment
from otac.emit.scope import ModuleScope, Names
from otac.emit.templates import render
from otac.lower.project import Composite, Project, Service, Step
from otac.progress import each
from otac.source.document import Json
from otac.source.source_text import SourceText

_PROJECT_DIRECTORY: Json = [{"otac.runtime.project_directory": {"id": "project"}}]
_WORKING_DIRECTORY: Json = [
    {
        "prefect.deployments.steps.set_working_directory": {
            "directory": "{{ project.directory }}"
        }
    }
]


def emit(project: Project) -> Output:
    """Everything a build writes, but for `otac.lock`, in the order of the configuration."""
    artifacts = [
        _package(project, "generated", "The flows of this project and what they use."),
        _package(project, "generated/flows", "One flow for each runner."),
    ]
    names = constructor_names(project.services)
    services = ""
    if project.services:
        services = services_module(project, names)
        artifacts.append(Artifact("generated/services.py", services))
    deployments: list[dict[str, Json]] = []
    once: dict[str, str] = {}
    resident = frozenset(r.id for r in project.runners if r.resident is not None)
    for runner in each("writing modules", project.runners):
        module = flow_module(project, runner, names)
        artifacts.append(Artifact(module.path, module.text))
        if module.once != module.function:
            once[runner.id] = module.once
        sources = (module.text, services) if module.uses_services else (module.text,)
        deployments.append(
            deployment(runner, module.function, sources, project.log_level, resident)
        )
    if project.notifications:
        # Brings `uuid`, which most projects have no use for.
        from otac.emit.automations import automations_file

        automations = automations_file(project)
        if automations is not None:
            artifacts.append(Artifact("generated/automations.yaml", automations))
    return Output(
        tuple(artifacts), DeploymentFile(_keys(project), tuple(deployments)), once
    )


def _package(project: Project, folder: str, docstring: str) -> Artifact:
    text = render(
        "package.py.jinja", source=comment(project.source), docstring=docstring
    )
    return Artifact(f"{folder}/__init__.py", text)


def _keys(project: Project) -> dict[str, Json]:
    """The top of `prefect.yaml`.

    The project folder is known only where `prefect deploy` runs: a build step asks for it
    there, so that no absolute path stands in the file.
    """
    if project.pull is not None:
        return {"name": project.name, "pull": [*project.pull]}
    return {
        "name": project.name,
        "build": _PROJECT_DIRECTORY,
        "pull": _WORKING_DIRECTORY,
    }


# The module with a constructor for each service.
@dataclass(frozen=True, slots=True)
class Constructor:
    """A function that makes a service."""

    signature: str
    docstring: str
    statement: str


def constructor_names(services: Sequence[Service]) -> Mapping[str, str]:
    """The constructors' names by service id."""
    names = Names()
    return {
        service.title: names.function(service.title, "service") for service in services
    }


def services_module(project: Project, names: Mapping[str, str]) -> str:
    """The text of `generated/services.py`."""
    scope = ModuleScope(names, names.values())
    scope.imports.own("otac.runtime", "build")
    constructors = [
        _constructor(service, names[service.title], scope)
        for service in project.services
    ]
    return render(
        "services.py.jinja",
        source=comment(project.source),
        imports=scope.imports.block(),
        constructors=constructors,
    )


def _constructor(service: Service, name: str, scope: ModuleScope) -> Constructor:
    component = scope.component(service.component)
    arguments = scope.values.keywords(service.arguments)
    head = f"def {name}() -> "
    result = component
    if service.component.plugin:
        result = scope.imports.own("typing", "Any")
    return Constructor(
        signature=laid_out(Group(f"{head}(", [result], "):", "", f"{head}{result}:")),
        docstring=docstring(f"Service `{service.title}`.", indent=4),
        statement=laid_out(call("return build", [component, *arguments]), 4),
    )


# Where runners and steps stand in the configuration, for messages of runs.
#
# Not in the modules: a comment added to the configuration must not change ten of
# them.
def places(project: Project, source: SourceText) -> Mapping[str, Mapping[str, int]]:
    """The line of each step by its path, for each runner; that of the runner under ``.

    Under the runner `` those of the services and their parameters, by the names of their
    constructors, which is what a run knows.
    """
    runners = {
        runner.id: {
            "": source.place(runner.origin.start).line,
            **{
                ".".join(step.path): source.place(step.origin.start).line
                for step in _steps(runner.steps)
            },
        }
        for runner in project.runners
    }
    return {**_services(project, source), **runners}


def _services(project: Project, source: SourceText) -> Mapping[str, Mapping[str, int]]:
    names = constructor_names(project.services)
    lines: dict[str, int] = {}
    for service in project.services:
        name = names[service.title]
        lines[name] = source.place(service.origin.start).line
        for argument in service.arguments:
            line = source.place(argument.value.origin.start).line
            lines[f"{name}.{argument.name}"] = line
    return {"": lines} if lines else {}


def _steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step.action, Composite):
            yield from _steps(step.action.steps)
