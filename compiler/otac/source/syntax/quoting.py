"""How a piece of text looks in quotes, and how far an unquoted piece was meant to go."""

import re

from otac.diagnostics.edit import Correction, Edit, Safety
from otac.source.document import Span
from otac.source.syntax.line import line_at, uncommented

_FLOW_END = re.compile(r"\s*[,\]}]")
# Up to what ends a value in brackets, but for the brackets of templates.
_TEMPLATES = re.compile(r"(?:\{\{.*?\}\}|[^,\]}])*")
_KEY_END = re.compile(r"\s*:(?=\s|$)")


def quoted(text: str) -> str:
    """The text as a quoted YAML scalar on one line."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def closed(text: str, opening: int) -> Correction | None:
    """The quote that opens there, closed where its value ends; None for an empty one."""
    line = line_at(text, opening)
    end = extent(text, opening)
    if in_brackets(text[line.start : opening]):
        inside = _TEMPLATES.match(text, opening + 1, line.end)
        end = end if inside is None else opening + 1 + len(inside[0].rstrip())
    if not text[opening + 1 : end].strip():
        return None
    last = text[opening + 1 : end].split()[-1]
    edit = Edit(Span(end, end), text[opening])
    title = f"close it behind `{last}`"
    if "#" in text[end : line.end]:
        reason = "what follows `#` may belong to the text"
        return Correction((edit,), title, Safety.CONFIRM, reason)
    return Correction((edit,), title)


def extent(text: str, start: int) -> int:
    """The end of what someone meant to write, without quotes, from `start` on."""
    line = line_at(text, start)
    before = line.text[: start - line.start]
    rest = uncommented(line.text[start - line.start :])
    stop = None
    if in_brackets(before):
        stop = _FLOW_END.search(rest, 1)
    elif not before.strip(" -"):
        stop = _KEY_END.search(rest, 1)
    return start + (len(rest) if stop is None else stop.start())


def in_brackets(before: str) -> bool:
    """Whether a line that begins like this has a bracket open."""
    opened = before.count("[") + before.count("{")
    return opened > before.count("]") + before.count("}")
