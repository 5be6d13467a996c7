"""The module with a constructor for each service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from otac.emit.docstring import comment, docstring
from otac.emit.layout import Group, call, laid_out
from otac.emit.names import Names
from otac.emit.scope import ModuleScope
from otac.emit.templates import render
from otac.lower.project import Project, Service


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
