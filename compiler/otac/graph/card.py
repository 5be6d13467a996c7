"""A runner as a card: its head, and its steps from top to bottom."""

from collections.abc import Sequence

from otac.graph.measure import shortened, width, wrapped
from otac.graph.picture import Box, Panel
from otac.graph.shapes import Arrow, Drawing, Rect, Shape, TextShape

WIDTH = 360.0
_PAD = 12.0
_GAP = 14.0
_TITLE, _BODY, _SMALL = 15.0, 13.0, 11.5
_LINE = 16.0


def card(panel: Panel) -> Drawing:
    """The whole card."""
    shapes: list[Shape] = []
    room = WIDTH - 2 * _PAD
    place = f"line {panel.line}"
    aside = width(place, _SMALL)
    title = shortened(panel.title, _TITLE, room - aside - 8, bold=True)
    y = _PAD + 13
    shapes.append(_text("title", _PAD, y, title, panel.title))
    shapes.append(TextShape("line", WIDTH - _PAD, y, place, panel.href))
    y += 4
    texts = [("moment", line) for line in panel.moments]
    texts.append(("fact", " · ".join(panel.facts)))
    if panel.description:
        texts.append(("fact", panel.description))
    for kind, text in texts:
        for line in wrapped(text, _SMALL, room, 2):
            y += _LINE
            shapes.append(_text(kind, _PAD, y, line, text))
    if panel.deployment is not None:
        y += _LINE
        shapes.append(
            TextShape("link", _PAD, y, "Prefect deployment", panel.deployment)
        )
    steps = _stack(panel.boxes, room)
    y += _PAD
    shapes += steps.moved(_PAD, y)
    height = y + steps.height + _PAD
    return Drawing((Rect("card", 0, 0, WIDTH, height, 10), *shapes), WIDTH, height)


def _stack(boxes: Sequence[Box], room: float) -> Drawing:
    """Steps below each other, with an arrow between two of them."""
    shapes: list[Shape] = []
    y = 0.0
    for number, box in enumerate(boxes):
        if number:
            shapes.append(Arrow(room / 2, y + 2, _GAP - 4))
            y += _GAP
        drawn = _box(box, room)
        shapes += drawn.moved(0, y)
        y += drawn.height
    return Drawing(tuple(shapes), room, y)


def _box(box: Box, room: float) -> Drawing:
    shapes: list[Shape] = []
    inner = room - 20
    place = f"line {box.line}"
    title_room = inner - width(place, _SMALL) - 8
    y = 19.0
    title = shortened(box.title, _BODY, title_room, bold=True)
    shapes.append(_text("step", 10, y, title, box.title))
    shapes.append(TextShape("line", room - 10, y, place, box.href))
    lines = [("component", box.component)] if box.component else []
    lines += (("note", note) for note in box.notes)
    lines.append(("fact", " · ".join(box.facts)))
    if box.services:
        lines.append(("service", f"uses {', '.join(box.services)}"))
    for kind, text in lines:
        for line in wrapped(text, _SMALL, inner, 2) if text else ():
            y += _LINE
            shapes.append(_text(kind, 10, y, line, text))
    y += 9
    if box.boxes:
        steps = _stack(box.boxes, room - 16)
        shapes += steps.moved(8, y)
        y += steps.height + 8
    kind = "group" if box.boxes else "box"
    return Drawing((Rect(kind, 0, 0, room, y, 6), *shapes), room, y)


def _text(kind: str, x: float, y: float, line: str, whole: str) -> TextShape:
    return TextShape(kind, x, y, line, None, whole if "…" in line else None)
