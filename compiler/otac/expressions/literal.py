"""Expressions that are constants: `{{ true }}`, `{{ 3 }}`, `{{ 'text' }}`."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from otac.expressions.expression import ParsedExpression

Value: TypeAlias = str | int | float | bool | None

_LITERAL = re.compile(
    r"""
    \{\{(?![-+])\s*
    (?:
        (?P<word>true|True|false|False|none|None)
    |
        (?P<number>-?(?:0|[1-9][0-9]{0,14})(?P<fraction>\.[0-9]{1,15})?)
    |
        '(?P<single>[^'\\]*)' | "(?P<double>[^"\\]*)"
    )
    \s*\}\}
    """,
    re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "none": None}


@dataclass(frozen=True, slots=True)
class Constant:
    """The value of a constant expression; None is a value too."""

    value: Value


def constant(expression: ParsedExpression) -> Constant | None:
    """The value, where the whole string is one literal; None for all else.

    Nothing is computed: `{{ not true }}` and `{{ 1 + 1 }}` are left to the run.
    """
    if not expression.single or expression.problem is not None:
        return None
    match = _LITERAL.fullmatch(expression.text.strip())
    if match is None:
        return None
    if match["word"] is not None:
        return Constant(_WORDS[match["word"].lower()])
    if match["number"] is not None:
        whole = match["fraction"] is None
        return Constant(int(match["number"]) if whole else float(match["number"]))
    return Constant(match["single"] if match["single"] is not None else match["double"])
