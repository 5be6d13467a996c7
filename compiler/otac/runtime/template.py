"""Jinja text in generated code, and the values it stands for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from otac.runtime.view import View, plain


@dataclass(frozen=True, slots=True)
class Template:
    """Text that is rendered at run time, inside the step that needs it.

    Exactly one `{{ expression }}` yields the value itself, with its type; anything else
    yields text.
    """

    text: str

    def render(self, names: Mapping[str, Any]) -> Any:
        """The value, given what the expressions can use."""
        # A flow without expressions does not pay for Jinja.
        from otac.expressions.environment import compile_value

        value = compile_value(self.text)(names)
        return plain(value) if isinstance(value, View) else value

    def mentions(self, *names: str) -> bool:
        """Whether an expression uses one of the names."""
        return not _names(self.text).isdisjoint(names)


@dataclass(frozen=True, slots=True)
class Deferred(Template):
    """Text that the component has rendered itself, for each ticket for instance.

    What it is handed is a function that takes the names which only the component knows,
    and returns the value.
    """

    def render(self, names: Mapping[str, Any]) -> Callable[..., Any]:
        """The function. The other names are those of the step."""
        return lambda **given: Template.render(self, {**names, **given})


def render(value: Any, names: Mapping[str, Any]) -> Any:
    """The value with each Template in its lists and mappings rendered."""
    match value:
        case Template():
            return value.render(names)
        case dict():
            return {key: render(item, names) for key, item in value.items()}
        case list():
            return [render(item, names) for item in value]
        case tuple():
            return tuple(render(item, names) for item in value)
        case _:
            return value


@cache
def _names(text: str) -> frozenset[str]:
    from jinja2 import meta

    from otac.expressions.environment import Sandbox

    return frozenset(meta.find_undeclared_variables(Sandbox().parse(text)))
