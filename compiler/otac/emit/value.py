"""Values of the IR as Python expressions."""

from collections.abc import Iterable

from otac.emit.imports import Imports
from otac.emit.layout import Code, Group, call, items_of, mapping
from otac.emit.literal import lines_of, literal, quoted
from otac.emit.names import is_keyword_argument
from otac.lower.project import (
    Argument,
    FlowArgument,
    ListValue,
    Literal,
    MappingValue,
    Template,
    Value,
)


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
