"""The templates of generated files and pictures. They arrange; what they arrange is made
in Python."""

from functools import cache
from typing import TYPE_CHECKING

from otac import resources
from otac.emit.literal import double_quoted

if TYPE_CHECKING:
    from jinja2 import Template


def render(name: str, **values: object) -> str:
    """The text of a generated file from its template and view."""
    return _template(name).render(values)


def render_escaped(name: str, **values: object) -> str:
    """The text of a picture or a page, in which every value is text."""
    return _template(name, escaped=True).render(values)


@cache
def _template(name: str, *, escaped: bool = False) -> "Template":
    # Importing Jinja takes longer than all of otac, and a build that finds nothing to do
    # never comes here.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(resources.folder("templates")),
        undefined=StrictUndefined,
        autoescape=escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["yaml"] = double_quoted
    environment.filters["px"] = _px
    return environment.get_template(name)


def _px(number: float) -> str:
    """At most two decimals, and the same on every machine."""
    return f"{round(number, 2):.10g}"
