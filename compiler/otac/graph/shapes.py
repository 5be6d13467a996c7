"""What an SVG is made of: shapes with places, drawn in their order."""

from typing import NamedTuple, TypeAlias


class Rect(NamedTuple):
    """`kind` is a class of the style sheet in `graph.svg.jinja`."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    radius: float = 0


class TextShape(NamedTuple):
    """`y` is the base line; `full` is what was cut off, for those who point at it."""

    kind: str
    x: float
    y: float
    text: str
    href: str | None = None
    full: str | None = None


class Arrow(NamedTuple):
    """From one step down to the next."""

    x: float
    y: float
    height: float


Shape: TypeAlias = Rect | TextShape | Arrow


class Drawing(NamedTuple):
    """Shapes, and how much room they take from (0, 0) on."""

    shapes: tuple[Shape, ...]
    width: float
    height: float

    def moved(self, right: float, down: float) -> tuple[Shape, ...]:
        """The shapes somewhere else."""
        return tuple(
            shape._replace(x=shape.x + right, y=shape.y + down) for shape in self.shapes
        )
