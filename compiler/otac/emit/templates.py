"""The templates of generated files. They arrange; what they arrange is made in Python."""

from functools import cache
from typing import TYPE_CHECKING

from otac import resources
from otac.emit.literal import double_quoted

if TYPE_CHECKING:
    from jinja2 import Template


def render(name: str, **values: object) -> str:
    """The text of a generated file from its template and view."""
    return _template(name).render(values)


@cache
def _template(name: str) -> "Template":
    # Importing Jinja takes longer than all of otac, and a build that finds nothing to do
    # never comes here.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(resources.folder("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["yaml"] = double_quoted
    return environment.get_template(name)
