"""The most common templates, read by one regular expression.

Jinja's parser takes 0.1 ms for a short expression and its import 0.1 s, and nearly all
expressions of real configurations have a few shapes: a lookup or a name with attributes,
perhaps filtered, perhaps compared with a constant. What is read here gives exactly what
`full` gives; anything that is even slightly unusual is left to it.
"""

import re

from otac.expressions import OPENING
from otac.expressions.expression import ParsedExpression
from otac.expressions.lookup import Arguments, lookup
from otac.expressions.reference import (
    CHOOSING,
    ITEM,
    CallReference,
    EnvReference,
    FilterReference,
    NameReference,
    Path,
    Reference,
    Segment,
)

_STRING = r"""(?:'[^'\\\r\n]*'|"[^"\\\r\n]*")"""
_CONSTANT = rf"""(?:
    [Tt]rue | [Ff]alse | [Nn]one | -?(?:0|[1-9]\d{{0,14}})(?:\.\d{{1,15}})? | {_STRING}
)"""
_PATH = rf"""(?:\.[A-Za-z_]\w*|\[{_STRING}\]){{0,20}}"""
_SHAPE = re.compile(
    rf"""
    \{{\{{(?![-+])\s*
    (?:
        {_CONSTANT}
    |
        (?P<open>\(\s*)?
        (?:
            (?P<function>[a-z_]+)
            \(\s*(?P<first>{_STRING})\s*(?:,\s*(?P<key>{_STRING})\s*)?\)
        |
            (?P<name>[A-Za-z_]\w*)
        )
        (?P<path>{_PATH})
        (?:\s*\|\s*(?P<filter>[A-Za-z_]\w*))?
        (?(open)\s*\)(?P<rest>{_PATH}))
        (?:\s*(?:==|!=|>=|<=|>|<)\s*{_CONSTANT})?
    )
    \s*\}}\}}
    """,
    re.ASCII | re.VERBOSE,
)
_ATTRIBUTE = re.compile(rf"\.(\w+)|\[({_STRING})\]", re.ASCII)
_CONSTANTS = frozenset({"true", "True", "false", "False", "none", "None", "not"})
_TAKE_A_KEY = frozenset({"get_pipe_result", "pipe_result"})


def read(text: str) -> ParsedExpression | None:
    """The expression, or None where the text has no common shape."""
    references: list[Reference] = []
    count = 0
    begin = end = 0
    opening = OPENING.search(text)
    while opening is not None:
        match = _SHAPE.match(text, opening.start())
        if match is None or not _collect(match, references):
            return None
        if count == 0:
            begin = match.start()
        count += 1
        end = match.end()
        opening = OPENING.search(text, end)
    single = count == 1 and not text[:begin].strip() and not text[end:].strip()
    return ParsedExpression(text, single, tuple(references))


def _collect(match: re.Match[str], references: list[Reference]) -> bool:
    """Appends what one `{{ }}` refers to; False where it needs a closer look."""
    function: str | None = match["function"]
    name: str | None = match["name"]
    filtered: str | None = match["filter"]
    if name in _CONSTANTS or filtered in ("default", "d"):
        return False
    path = _path(match, "path")
    rest = _path(match, "rest") if match["rest"] else ()
    if filtered is None:
        path += rest
    elif rest and function is not None and not path and filtered in CHOOSING:
        path = (Segment(ITEM, rest[0].start, rest[0].start), *rest)
    if name is not None:
        start, end = match.span("name")
        if name == "env":
            references.append(EnvReference(start, end, path[0] if path else None))
        else:
            references.append(NameReference(name, start, end, path))
    elif function is not None:
        start, end = match.span("function")
        key = _inside(match, "key") if match["key"] is not None else None
        if key is not None and function not in _TAKE_A_KEY:
            return False
        arguments = Arguments(_inside(match, "first"), key)
        found = lookup(function, start, end, arguments, path)
        if found is None:
            return False
        positional = 1 if key is None else 2
        references.append(CallReference(function, start, end, positional))
        references.append(found)
    if filtered is not None:
        references.append(FilterReference(filtered, *match.span("filter")))
    return True


def _inside(match: re.Match[str], group: str | int) -> Segment:
    """The characters between the quotes."""
    start, end = match.span(group)
    return Segment(match[group][1:-1], start + 1, end - 1)


def _path(match: re.Match[str], group: str) -> Path:
    if not match[group]:
        return ()
    return tuple(
        _inside(part, 2) if part[1] is None else Segment(part[1], *part.span(1))
        for part in _ATTRIBUTE.finditer(match.string, *match.span(group))
    )
