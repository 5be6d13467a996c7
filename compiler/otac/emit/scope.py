"""What the parts of one generated module share."""

from collections.abc import Iterable, Mapping

from otac.emit.imports import Imports
from otac.emit.layout import Code, call
from otac.emit.literal import quoted
from otac.emit.names import Names
from otac.emit.value import Values
from otac.lower.project import Component, Injection


class ModuleScope:
    """The names, imports and values of one module.

    `constants` are statements that stand between the imports and the functions.
    """

    def __init__(
        self, services: Mapping[str, str], parameters: Iterable[str] = ()
    ) -> None:
        """`services` are the constructors' names by service id.

        `parameters` are those of the flow, whose names nothing else may take.
        """
        self.names = Names(parameters)
        self.imports = Imports(self.names)
        self.values = Values(self.imports)
        self.constants: list[str] = []
        self._services = services
        self._injections: dict[Injection, Code] = {}

    @property
    def uses_services(self) -> bool:
        """Whether the module imports `services`."""
        return bool(self._injections)

    def component(self, component: Component) -> str:
        """The local name of a component, or a call that finds it in a plugin."""
        if component.plugin:
            find = self.imports.own("otac.runtime", "plugin")
            return f"{find}({quoted(component.plugin)})"
        return self.imports.foreign(component.module, component.name, "component")

    def injection(self, injection: Injection) -> Code:
        """`ticket_system=run.service(services.helpdesk)`."""
        found = self._injections.get(injection)
        if found is None:
            services = self.imports.own("generated", "services")
            constructor = f"{services}.{self._services[injection.service]}"
            found = call(f"{injection.parameter}=run.service", [constructor])
            self._injections[injection] = found
        return found
