"""The one place where names in generated code come from."""

from collections.abc import Iterable

from otac.lower.module_name import snake
from otac.lower.reserved import BUILTINS, KEYWORDS

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
