"""What the parts of one generated module share."""

from collections.abc import Iterable, Mapping

from otac.emit.imports import Imports, Names, is_keyword_argument
from otac.emit.layout import Code, Group, call, items_of, mapping
from otac.emit.literal import lines_of, literal, quoted
from otac.lower.project import (
    Argument,
    Component,
    FlowArgument,
    Injection,
    ListValue,
    Literal,
    MappingValue,
    Template,
    Value,
)


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


# Values of the IR as Python expressions.
class Values:
    """Writes the values of one module, which imports `Template` and `Deferred` as soon as one needs them."""

    def __init__(self, imports: Imports) -> None:
        self._imports = imports

    def write(self, value: Value, before: str = "", *, in_flow: bool = False) -> Code:
        """The expression for a value, with `before` on its first line.

        A parameter of the flow is a variable in the flow itself (`in_flow`), and is read
        from the run everywhere else.
        """
        match value:
            case Literal(data):
                return literal(data, before)
            case Template(text, given=given):
                kind = "Deferred" if given else "Template"
                return self._template(kind, text, before)
            case FlowArgument(name):
                return before + name if in_flow else _parameter(name, before)
            case ListValue(items):
                written = [self.write(item, in_flow=in_flow) for item in items]
                return items_of(written, before)
            case MappingValue(entries):
                written = [
                    self.write(item, f"{quoted(key)}: ", in_flow=in_flow)
                    for key, item in entries
                ]
                return mapping(written, before)

    def config(
        self, arguments: Iterable[Argument], before: str, *, in_flow: bool = False
    ) -> Code:
        """A dict with an entry for each argument."""
        written = [
            self._late(argument, in_flow=in_flow)
            if argument.late
            else self.write(
                argument.value, f"{quoted(argument.name)}: ", in_flow=in_flow
            )
            for argument in arguments
        ]
        return mapping(written, before)

    def _late(self, argument: Argument, *, in_flow: bool) -> Code:
        late = self._imports.own("otac.runtime", "Late")
        value = self.write(argument.value, in_flow=in_flow)
        return call(f"{quoted(argument.name)}: {late}", [value])

    def keywords(self, arguments: Iterable[Argument]) -> list[Code]:
        """`name=value` for each, and `**{...}` for names that Python cannot write so."""
        written: list[Code] = []
        others: list[Argument] = []
        for argument in arguments:
            if is_keyword_argument(argument.name):
                written.append(self.write(argument.value, f"{argument.name}="))
            else:
                others.append(argument)
        if others:
            written.append(self.config(others, "**"))
        return written

    def _template(self, kind: str, text: str, before: str) -> Code:
        """`Template("...")`, with a literal for each line where one would be too long."""
        opening = f"{before}{self._imports.own('otac.runtime', kind)}("
        whole = quoted(text)
        pieces = [whole] if "\n" not in text else lines_of(text)
        return Group(opening, pieces, ")", "", f"{opening}{whole})", whole)


def _parameter(name: str, before: str) -> Code:
    key = quoted(name)
    return Group(f"{before}run.params[", [key], "]", "", f"{before}run.params[{key}]")
