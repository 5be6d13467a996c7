"""The templates of pictures; every text in them is escaped."""

from functools import cache
from typing import TYPE_CHECKING

from otac import resources

if TYPE_CHECKING:
    from jinja2 import Template


def render(name: str, **values: object) -> str:
    """A picture's text from its template and its values."""
    return _template(name).render(values)


@cache
def _template(name: str) -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(resources.folder("templates")),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["px"] = _px
    return environment.get_template(name)


def _px(number: float) -> str:
    """At most two decimals, and the same on every machine."""
    return f"{round(number, 2):.10g}"
