"""The lines of a configuration in which one step is written."""

from otac.diagnostics.frame import visible
from otac.source.document import Span
from otac.source.source_text import SourceText

# What is longer is read in the file.
_MOST_LINES = 60


def excerpt(source: SourceText, origin: Span) -> tuple[str, ...]:
    """The YAML of what begins at `origin`, its first key; no credential can be read in it.

    By indentation, as a reader's eye does it: `- ` belongs to the item, and what stands
    further to the left does not.
    """
    first, column = source.place(origin.start)
    begin = source.line(first)
    indent = len(begin) - len(begin.lstrip(" "))
    if not begin[indent:].startswith("- "):
        indent = column - 2
    taken, blank = [first], list[int]()
    last = source.place(len(source.text)).line
    for number in range(first + 1, min(last, first + _MOST_LINES) + 1):
        line = source.line(number)
        text = line.lstrip(" ")
        if not text or text.startswith("#"):
            blank.append(number)
        elif len(line) - len(text) > indent:
            taken += [*blank, number]
            blank = []
        else:
            break
    lines = [source.shown_line(number) for number in taken]
    margin = min(len(line) - len(line.lstrip(" ")) for line in lines if line.strip())
    return tuple(visible(line[margin:]) for line in lines)
