"""A project as a picture: `Project` -> `Picture` -> Mermaid, SVG or HTML."""

from otac.graph.html import html
from otac.graph.mermaid import mermaid
from otac.graph.picture import Links, Picture, RunsMark
from otac.graph.sketch import Known, sketch
from otac.graph.svg import svg

__all__ = [
    "Known",
    "Links",
    "Picture",
    "RunsMark",
    "html",
    "mermaid",
    "sketch",
    "svg",
]
