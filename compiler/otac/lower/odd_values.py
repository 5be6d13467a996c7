"""Texts that are not what their author meant: nothing has filled them in yet."""

import re
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.source.document import Scalar
from otac.source.lookalikes import odd_characters, straightened, unquoted

_VARIABLE = re.compile(
    r"\$\{(?P<braced>[A-Za-z_]\w*)(?::?-(?P<default>[^{}]*))?\}"
    r"|\$\((?P<round>[A-Za-z_]\w*)\)"
    r"|(?<![\w%])%(?P<windows>[A-Z_][A-Z0-9_]*)%"
    r"|(?<![\w$])\$(?P<bare>[A-Z_][A-Z0-9_]*)\b"
)
_ADDRESS = re.compile(r"[A-Za-z][\w+.-]*://\S*")
_PLACEHOLDER = re.compile(r"<(?P<name>[A-Za-z][\w .'/-]*)>")


class _Filled(NamedTuple):
    """What stands in a text for something else, and the expression that fills it in."""

    written: str
    expression: str


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
    filled = _variable(text) or _placeholder(text)
    if filled is not None:
        return _not_filled_in(scalar, filled, renders)
    return _edges(scalar)


def _variable(text: str) -> _Filled | None:
    """A variable of a shell, alone or in an address."""
    found = _VARIABLE.search(text)
    if found is None or (found[0] != text.strip() and not _ADDRESS.match(text.strip())):
        return None
    name = next(filter(None, found.group("braced", "round", "windows", "bare")))
    default = found["default"]
    otherwise = "" if default is None else f", default={_text(default)}"
    return _Filled(found[0], f"{{{{ get_env('{name}'{otherwise}) }}}}")


def _placeholder(text: str) -> _Filled | None:
    """`<your password>`, alone or as a part of an address."""
    found = _PLACEHOLDER.search(text)
    if found is None or (found[0] != text.strip() and not _ADDRESS.match(text.strip())):
        return None
    name = re.sub(r"\W+", "_", found["name"]).strip("_").upper()
    return _Filled(found[0], f"{{{{ get_env('{name}') }}}}")


def _not_filled_in(scalar: Scalar, filled: _Filled, renders: bool) -> Diagnostic:
    text = scalar.text.strip().replace(filled.written, filled.expression)
    quoted = None if '"' in text else f'"{text}"'
    is_placeholder = filled.written.startswith("<")
    if not renders:
        advice = "write the value itself: nothing is filled in here"
    elif is_placeholder:
        advice = f"write the value, or `{quoted or text}` and set that variable"
    else:
        advice = f"write `{quoted or text}`"
    return warning(
        "OTC395",
        f"`{filled.written}` is a placeholder"
        if is_placeholder
        else f"`{filled.written}` is plain text here",
        scalar.span,
        "nobody has filled it in" if is_placeholder else "no shell fills it in",
        help=advice,
        suggestion=quoted if renders else None,
    )


def _edges(scalar: Scalar) -> Diagnostic | None:
    """A space at an end of the text that `strip` of YAML does not take for one."""
    text = scalar.text
    for odd in odd_characters(text):
        if odd.sign.strip() or (text[: odd.at].strip() and text[odd.at + 1 :].strip()):
            continue
        where = "starts" if not text[: odd.at].strip() else "ends"
        meant = straightened(text).strip()
        return warning(
            "OTC396",
            f"this text {where} with a {odd.name}",
            scalar.span,
            "it is a part of the text and cannot be seen",
            help=f'write `"{meant}"`',
            suggestion=f'"{meant}"' if '"' not in meant else None,
        )
    return None


def _text(default: str) -> str:
    return "'" + default.replace("\\", "\\\\").replace("'", "\\'") + "'"
