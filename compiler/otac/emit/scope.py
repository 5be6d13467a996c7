"""What the parts of one generated module share: its names, its imports, its values."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from otac.emit.layout import Code, Group, call, items_of, laid_out, mapping
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
from otac.lower.reserved import BUILTINS, KEYWORDS, STANDARD_LIBRARY, THIRD_PARTY, snake

# The one place where names in generated code come from.
# What generated modules import or call a variable, whether or not this one does: a step
# keeps its name when a template is added to another step.
_OURS = frozenset(
    {"Any", "Cron", "Interval", "RRule", "Run", "Template", "Window"}
    | {"build", "flow", "notify", "plugin", "run", "services", "task"}
)
# Those that a flow's own body uses; the others stand at the level of the module only, where
# a parameter of the flow hides nothing.
_IN_FLOWS = frozenset({"Run", "Template", "Window", "run", "tick", "window"})
_TAKEN = KEYWORDS | BUILTINS | _OURS
# So that `async def <name>(run: Run) -> Any:` fits on a line, whatever is added to it.
_LONGEST = 45


class Names:
    """The names of one module. Each is given once."""

    def __init__(self, foreign: Iterable[str] = ()) -> None:
        """`foreign` are names that are fixed from outside: the flow's parameters."""
        self._foreign = frozenset(foreign)
        self._taken = set(_TAKEN | self._foreign)

    def take(self, preferred: str, fallback: str) -> str:
        """`preferred`, else `fallback`, else `fallback` with a number."""
        name = fallback if preferred in self._taken else preferred
        number = 1
        while name in self._taken:
            number += 1
            name = f"{fallback}_{number}"
        self._taken.add(name)
        return name

    def function(self, text: str, kind: str) -> str:
        """A name for a function or variable made from the text; `kind` helps it out."""
        name = snake(text, kind)[:_LONGEST].rstrip("_")
        return self.take(name, f"{name}_{kind}")

    def constant(self, text: str) -> str:
        """A name for a constant of the module."""
        name = snake(text, "default").upper()[:_LONGEST].rstrip("_")
        return self.take(name, f"{name}_DEFAULT")

    def ours(self, name: str) -> str:
        """One of our own names, changed where a parameter of the flow would hide it."""
        hidden = name in self._foreign and name in _IN_FLOWS
        return self.take(name, f"otac_{name}") if hidden else name


def is_keyword_argument(name: str) -> bool:
    """Whether `name=...` can be written in a call and means this very name.

    Python brings identifiers beyond ASCII into a normal form, so that those do not.
    """
    return name.isascii() and name.isidentifier() and name not in KEYWORDS


_DIGITS = re.compile(r"(\d+)")


class Imports:
    """What a module imports, and under which names."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._locals: dict[tuple[str, str], str] = {}

    def own(self, module: str, name: str) -> str:
        """Import a name that generated modules keep free for it."""
        key = (module, name)
        if key not in self._locals:
            self._locals[key] = self._names.ours(name)
        return self._locals[key]

    def foreign(self, module: str, name: str, kind: str) -> str:
        """Import what the configuration names; it gets another name where its own is taken.

        `kind` says what it is, for that other name. An attribute of a class is reached
        through the class.
        """
        name, dot, attribute = name.partition(".")
        key = (module, name)
        if key not in self._locals:
            _require_dotted_name(module)
            _require_dotted_name(name)
            suffix = f"_{kind}" if name.islower() else kind.capitalize()
            self._locals[key] = self._names.take(name, f"{name}{suffix}")
        if dot:
            _require_dotted_name(attribute)
        return f"{self._locals[key]}{dot}{attribute}"

    def block(self) -> str:
        """The statements: standard library, third party, then the user's and ours."""
        modules: dict[str, list[tuple[str, str]]] = {}
        for (module, name), local in self._locals.items():
            modules.setdefault(module, []).append((name, local))
        sections: tuple[list[str], list[str], list[str]] = ([], [], [])
        for module in sorted(modules, key=_natural):
            sections[_section(module)].extend(_statements(module, modules[module]))
        return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _statements(module: str, members: list[tuple[str, str]]) -> list[str]:
    """One statement for the plain names, and one for each that gets another name."""
    plain = sorted((name for name, local in members if name == local), key=_order)
    statements = [(plain[0], plain)] if plain else []
    statements += [
        (name, [f"{name} as {local}"]) for name, local in members if name != local
    ]
    statements.sort(key=lambda statement: _order(statement[0]))
    return [_statement(module, names) for _, names in statements]


def _statement(module: str, names: list[str]) -> str:
    flat = f"from {module} import {', '.join(names)}"
    return laid_out(Group(f"from {module} import (", names, ")", ",", flat))


def _section(module: str) -> int:
    """The user's components count as their own modules, not as installed packages.

    Only the place where they are found could tell, and output must not depend on it.
    """
    top = module.partition(".")[0]
    if top in STANDARD_LIBRARY:
        return 0
    return 1 if top in THIRD_PARTY else 2


@lru_cache(maxsize=4096)
def _order(name: str) -> tuple[int, list[tuple[int, int]], str]:
    """Constants come first, then classes, then the rest."""
    if len(name) > 1 and name.isupper():
        return 0, *_natural(name)
    return 1 if name[0].isupper() else 2, *_natural(name)


@lru_cache(maxsize=4096)
def _natural(name: str) -> tuple[list[tuple[int, int]], str]:
    """A sort key in which capitals do not count and `b2` comes before `b10`."""
    key: list[tuple[int, int]] = []
    for part in _DIGITS.split(name.lower()):
        if part.isdecimal():
            key.append((ord("0"), int(part)))
        else:
            key.extend((ord(character), 0) for character in part)
    return key, name


def _require_dotted_name(path: str) -> None:
    """Names are the one text of the configuration that is not written as a literal."""
    for part in path.split("."):
        if not part.isidentifier() or part in KEYWORDS:
            raise ValueError(f"{path!r} is not a name that Python can import")


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
