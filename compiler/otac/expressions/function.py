"""The names and functions that expressions can use."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from otac.expressions.problem import ExpressionProblem
from otac.expressions.reference import CallReference


@dataclass(frozen=True, slots=True)
class Function:
    """A function in scope. `open` means that any further arguments are taken."""

    name: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    open: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """In the order of positional arguments."""
        return self.required + self.optional

    @property
    def signature(self) -> str:
        """As documentation writes it: `get_env(name, default=...)`."""
        optional = (f"{name}=..." for name in self.optional)
        rest = ("...",) if self.open else ()
        return f"{self.name}({', '.join((*self.required, *optional, *rest))})"

    @property
    def _wanted(self) -> str:
        return f"it is called as `{self.signature}`"

    def problem(self, call: CallReference) -> ExpressionProblem | None:
        """What is wrong with the arguments of a call, if anything is."""
        parameters = self.parameters
        if call.positional > len(parameters) and not self.open:
            most = _count(len(parameters))
            message = f"`{self.name}` takes {most}, not {call.positional}"
            return ExpressionProblem(message, call.start, call.end, self._wanted)
        filled = set(parameters[: call.positional])
        for keyword in call.keywords:
            if keyword.text in filled:
                message = f"`{self.name}` gets `{keyword.text}` twice"
                return ExpressionProblem(
                    message, keyword.start, keyword.end, self._wanted
                )
            if keyword.text not in parameters and not self.open:
                message = f"`{self.name}` has no parameter `{keyword.text}`"
                return ExpressionProblem(
                    message, keyword.start, keyword.end, self._wanted
                )
            filled.add(keyword.text)
        for name in self.required:
            if name not in filled and not call.spread:
                message = f"`{self.name}` needs `{name}`"
                return ExpressionProblem(message, call.start, call.end, self._wanted)
        return None


def _count(number: int) -> str:
    match number:
        case 0:
            return "no arguments"
        case 1:
            return "1 argument"
        case _:
            return f"at most {number} arguments"


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        function.name: function
        for function in (
            Function("get_pipe_result", ("id",), ("key", "default")),
            Function("pipe_result", ("id",), ("key", "default")),
            Function("has_failed", ("id",)),
            Function("has_succeeded", ("id",)),
            Function("get_parent_param", ("name",)),
            Function("get_env", ("name",), ("default",)),
            Function("secret", ("name",)),
            Function("variable", ("name",)),
            Function("now"),
            Function("fail", (), ("message",)),
            Function("stop", (), ("message",)),
            Function("get_at", ("value", "path")),
            Function("nest_at", ("value", "path")),
            # Jinja's own
            Function("range", ("stop",), ("start", "step")),
            Function("dict", open=True),
            Function("namespace", open=True),
            Function("cycler", open=True),
            Function("joiner", (), ("sep",)),
        )
    }
)

SCOPE_NAMES = frozenset({"params", "config", "parent", "env", "item", "index"})

FILTER_FOR_FUNCTION: Mapping[str, str] = MappingProxyType(
    {
        "abs": "abs",
        "float": "float",
        "int": "int",
        "len": "length",
        "list": "list",
        "map": "map",
        "max": "max",
        "min": "min",
        "reversed": "reverse",
        "round": "round",
        "sorted": "sort",
        "str": "string",
        "sum": "sum",
    }
)
"""Python's functions that people write and Jinja has as filters: `len(x)`, `x | length`."""
