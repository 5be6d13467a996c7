"""Texts that are not what their author meant: nothing has filled them in yet."""

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.source.document import Scalar
from otac.source.lookalikes import odd_characters, straightened, unquoted
from otac.source.unfilled import VALUE_ITSELF, Unfilled, unfilled, workflow_expression


def odd_value(scalar: Scalar, *, renders: bool = True) -> Diagnostic | None:
    """The warning about a text; `renders` tells whether an expression may stand there."""
    text = scalar.text
    if not isinstance(scalar.value, str) or "\n" in text.strip():
        return None
    inside = unquoted(text)
    if inside is not None:
        return warning(
            "OTC396",
            "these quotes are a part of the text",
            scalar.span,
            f"there is a {next(odd_characters(text)).name} around it",
            help=f'write `"{inside}"`',
            suggestion=f'"{inside}"' if '"' not in inside else None,
        )
    expression = workflow_expression(text)
    if expression is not None:
        return warning(
            "OTC395",
            "`$` is a part of the text here",
            scalar.span,
            "`${{ }}` is what other tools write",
            help=f"write `{expression}`",
            suggestion=f'"{expression}"' if '"' not in expression else None,
        )
    found = unfilled(text)
    if found is not None:
        return _not_filled_in(scalar, found, renders)
    return _edges(scalar)


def _not_filled_in(scalar: Scalar, filled: Unfilled, renders: bool) -> Diagnostic:
    text = scalar.text.strip().replace(filled.written, filled.expression)
    quoted = None if '"' in text else f'"{text}"'
    if not renders:
        advice = VALUE_ITSELF
    elif filled.is_placeholder:
        advice = f"write the value, or `{quoted or text}` and set that variable"
    else:
        advice = f"write `{quoted or text}`"
    return warning(
        "OTC395",
        f"`{filled.written}` is a placeholder"
        if filled.is_placeholder
        else f"`{filled.written}` is plain text here",
        scalar.span,
        "nobody has filled it in" if filled.is_placeholder else "no shell fills it in",
        help=advice,
        suggestion=quoted if renders else None,
    )


def _edges(scalar: Scalar) -> Diagnostic | None:
    """A space at an end of the text that `strip` of YAML does not take for one."""
    text = scalar.text
    for odd in odd_characters(text):
        if odd.sign.strip() or (text[: odd.at].strip() and text[odd.end :].strip()):
            continue
        where = "starts" if not text[: odd.at].strip() else "ends"
        meant = straightened(text).strip()
        return warning(
            "OTC396",
            f"this text {where} with a {odd.name}",
            scalar.span,
            "it is a part of the text",
            help=f'write `"{meant}"`',
            suggestion=f'"{meant}"' if '"' not in meant else None,
        )
    return None
