"""A picture as one SVG file."""

from collections.abc import Sequence

from otac.emit.templates import render_escaped
from otac.graph.band import band
from otac.graph.card import WIDTH, card
from otac.graph.measure import cut
from otac.graph.picture import Picture, ServiceMark
from otac.graph.shapes import Drawing, Shape, TextShape

_MARGIN = 24.0
_GAP = 20.0
_NARROWEST = 1000.0
_SERVICE = 250.0


def svg(picture: Picture) -> str:
    """The cards of all runners, the services, and the timeline below them."""
    cards = [card(panel) for panel in picture.panels]
    columns = _columns(len(cards))
    inside = max(columns * (WIDTH + _GAP) - _GAP, _NARROWEST)
    shapes: list[Shape] = [
        TextShape(
            "heading", _MARGIN, _MARGIN + 18, cut(picture.title, 22, inside, bold=True)
        ),
        TextShape(
            "about", _MARGIN, _MARGIN + 40, f"{picture.source}: {picture.summary}"
        ),
    ]
    y = _MARGIN + 60
    placed = _arranged(cards, columns)
    shapes += placed.moved(_MARGIN, y)
    y += placed.height + _GAP
    if picture.services:
        drawn = _services(picture.services, inside)
        shapes.append(TextShape("section", _MARGIN, y + 16, "Services"))
        shapes += drawn.moved(_MARGIN, y + 26)
        y += 26 + drawn.height + _GAP
    if picture.timeline.rows:
        shapes.append(TextShape("section", _MARGIN, y + 16, picture.timeline.span))
        shapes.append(TextShape("about", _MARGIN, y + 36, picture.timeline.busiest))
        drawn = band(picture.timeline, inside)
        shapes += drawn.moved(_MARGIN, y + 52)
        y += 52 + drawn.height
    return render_escaped(
        "graph.svg.jinja",
        title=f"{picture.title}: {picture.summary}",
        width=inside + 2 * _MARGIN,
        height=y + _MARGIN,
        shapes=[(type(shape).__name__, shape) for shape in shapes],
    )


def _columns(count: int) -> int:
    return next((n for n, most in ((1, 1), (2, 4), (3, 12)) if count <= most), 4)


def _arranged(cards: Sequence[Drawing], columns: int) -> Drawing:
    """Each card in the column that is shortest so far."""
    heights = [0.0] * columns
    shapes: list[Shape] = []
    for drawn in cards:
        column = heights.index(min(heights))
        shapes += drawn.moved(column * (WIDTH + _GAP), heights[column])
        heights[column] += drawn.height + _GAP
    return Drawing(tuple(shapes), columns * (WIDTH + _GAP), max(heights) - _GAP)


def _services(services: Sequence[ServiceMark], room: float) -> Drawing:
    across = max(int(room // _SERVICE), 1)
    shapes: list[Shape] = []
    for number, mark in enumerate(services):
        x, y = number % across * _SERVICE, number // across * 40 + 14
        title = cut(mark.title, 13, _SERVICE - 20, bold=True)
        name = cut(mark.component, 11.5, _SERVICE - 20)
        shapes.append(TextShape("service-name", x, y, title, mark.href, mark.title))
        shapes.append(TextShape("component", x, y + 16, name, None, mark.component))
    return Drawing(tuple(shapes), room, (len(services) + across - 1) // across * 40)
