"""The import block of a module, sorted as ruff's isort rules want it."""

import re
from collections.abc import Iterable
from functools import lru_cache

from otac.emit.layout import Group, laid_out
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
