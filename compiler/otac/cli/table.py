"""Tables and counts in plain text."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from otac.diagnostics.frame import widths

# What makes a heading of a line.
Head: TypeAlias = Callable[[str], str]


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    head: Head,
    *,
    numbers: bool = True,
) -> Iterator[str]:
    """The lines. All columns but the first are to the right if they are `numbers`."""
    columns = list(zip(header, *rows, strict=True))
    wide = [max(sum(widths(cell)) for cell in column) for column in columns]

    def line(cells: Sequence[str]) -> str:
        padded: list[str] = []
        for place, (cell, width) in enumerate(zip(cells, wide, strict=True)):
            space = " " * (width - sum(widths(cell)))
            padded.append(space + cell if numbers and place else cell + space)
        return "  " + "  ".join(padded).rstrip()

    yield head(line(header))
    for row in rows:
        yield line(row)


def tickets(count: int) -> str:
    """`1 ticket`, `2 tickets`."""
    return f"{count} ticket" if count == 1 else f"{count} tickets"
