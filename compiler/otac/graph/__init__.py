"""A project as a picture: `Project` -> `Picture` -> Mermaid, SVG or HTML."""

from otac.graph.html import html
from otac.graph.mermaid import mermaid
from otac.graph.picture import Links, Picture
from otac.graph.sketch import sketch
from otac.graph.svg import svg

__all__ = ["Links", "Picture", "html", "mermaid", "sketch", "svg"]
