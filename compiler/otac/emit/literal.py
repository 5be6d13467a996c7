"""Data as Python literals: the only way by which text from outside enters Python.

What is printable is fixed here and not asked of `unicodedata`, whose answer changes with
the Python version. Everything else is escaped: control characters, zero-width and
combining ones, and all that is written from right to left, so that no text can make a
line look like something it is not.
"""

import re
import textwrap
from functools import lru_cache
from math import isfinite, isnan

from otac.emit.layout import Code, Group, call, items_of, mapping
from otac.source.document import Json

# Latin, Greek, Cyrillic, punctuation, Kana, CJK ideographs, Hangul and full-width forms:
# ranges in which every character is visible and, where it is wide, wide for all tools.
_BEYOND_ASCII = (
    "\u00a1-\u00ac\u00ae-\u024f\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027"
    "\u2030-\u203a\u20ac\u2116\u2122\u2190-\u2193\u3001-\u3029\u3041-\u3096\u309b-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60"
)
PRINTABLE = rf" -~{_BEYOND_ASCII}"

_PLAIN = re.compile(rf"[ !#-\[\]-~{_BEYOND_ASCII}]*").fullmatch
_ESCAPED = re.compile(rf"[^{PRINTABLE}]|\\").sub
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\"}
# Python refuses to read longer decimal integers, but not longer hexadecimal ones.
_DECIMAL_BITS = 14_000


def literal(value: Json, before: str = "") -> Code:
    """The expression that evaluates to the value, with `before` on its first line."""
    if isinstance(value, str):
        return text(value, before)
    if value is None or isinstance(value, bool):
        return f"{before}{value}"
    if isinstance(value, int):
        return before + _integer(value)
    if isinstance(value, float):
        return _real(value, before)
    if isinstance(value, list):
        return items_of([literal(item) for item in value], before)
    return mapping(
        [literal(item, f"{quoted(key)}: ") for key, item in value.items()], before
    )


def text(value: str, before: str = "") -> Code:
    """A string; one of several lines may become a literal for each line."""
    whole = quoted(value)
    if "\n" not in value:
        return before + whole
    pieces = lines_of(value)
    if len(pieces) == 1:
        return before + whole
    return Group(f"{before}(", pieces, ")", "", before + whole, whole)


def lines_of(value: str) -> list[str]:
    """A literal for each line of the text, line breaks included."""
    *lines, rest = value.split("\n")
    pieces = [quoted(f"{line}\n") for line in lines]
    return [*pieces, quoted(rest)] if rest or not pieces else pieces


@lru_cache(maxsize=4096)
def quoted(value: str) -> str:
    """A string as one literal, in double quotes unless single ones need fewer escapes."""
    if _PLAIN(value):
        return f'"{value}"'
    quote = "'" if value.count('"') > value.count("'") else '"'
    return quote + escaped(value).replace(quote, "\\" + quote) + quote


def double_quoted(value: str) -> str:
    """A string as one literal that YAML reads the same way as Python does."""
    return '"' + escaped(value).replace('"', '\\"') + '"'


def escaped(value: str) -> str:
    """The inside of a literal, in which quotes are still as they are."""
    return _ESCAPED(_escape, value)


def number(seconds: float) -> str:
    """A number of our own, whole ones without a fraction: `30`, `0.5`."""
    return str(int(seconds)) if seconds == int(seconds) else _exponent(seconds)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _integer(value: int) -> str:
    if value.bit_length() < _DECIMAL_BITS:
        return str(value)
    return f"{'-' if value < 0 else ''}0x{abs(value):X}"


def _real(value: float, before: str) -> Code:
    if isfinite(value):
        return before + _exponent(value)
    name = "nan" if isnan(value) else "inf" if value > 0 else "-inf"
    return call(f"{before}float", [quoted(name)])


def _exponent(value: float) -> str:
    # Formatters write exponents without a plus sign.
    return repr(value).replace("e+", "e")


# What `prefect deploy` does to data in `prefect.yaml`.
#
# It replaces `{{ dotted.words }}` in every string of a deployment: by an environment
# variable, a block, a variable, the output of a build step, or by nothing. There is
# no escape, so text that is not meant for Prefect must not look like that. Double
# braces of any kind are kept out, not only those of today's regular expression. What
# JSON cannot say is lost as well: an infinite number becomes null, half a surrogate
# pair stops the deployment.
_OPENING = "{{"
_BRACE_BEFORE_BRACE = re.compile(r"\{(?=\{)")
# Mappings with these keys stand for something else: for a block, for a rendered value.
_MEANINGFUL_KEYS = frozenset({"$ref", "__prefect_kind"})


def survives(value: Json) -> bool:
    """Whether Prefect leaves the value as it is."""
    if isinstance(value, str):
        return _OPENING not in value and _encodable(value) == value
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, list):
        return all(survives(item) for item in value)
    if isinstance(value, dict):
        return _MEANINGFUL_KEYS.isdisjoint(value) and all(
            survives(item) for item in value.values()
        )
    return True


def surviving(values: dict[str, Json]) -> dict[str, Json]:
    """The entries that Prefect would leave as they are."""
    return {name: value for name, value in values.items() if survives(value)}


def defused(text: str) -> str:
    """Prose in which `{{` becomes `{ {`."""
    return _BRACE_BEFORE_BRACE.sub("{ ", _encodable(text))


def _encodable(text: str) -> str:
    return text if text.isascii() else text.encode(errors="replace").decode()


# Docstrings and comments, in which text of the configuration is prose.
# What both formatters leave of a line to a docstring and its quotes.
_WIDTH = 88 - len('""""""')
_UNSAFE_IN_COMMENT = re.compile(rf"[^{PRINTABLE}]|[:=#\\]")


def docstring(summary: str, text: str | None = None, indent: int = 0) -> str:
    """A docstring of the summary and the first paragraph of the text.

    White space counts as in running text; lines are filled anew, so that neither ruff nor
    black has anything to change.
    """
    paragraphs = [summary]
    if text is not None and (first := _first_paragraph(text)):
        paragraphs.append(first)
    written = [_filled(paragraph, _WIDTH - indent) for paragraph in paragraphs]
    margin = " " * indent
    lines = textwrap.indent("\n\n".join(written), margin).lstrip()
    if "\n" in lines:
        return f'"""{lines}\n{margin}"""'
    # A quote before the closing ones would end the docstring.
    closed = lines[:-1] + '\\"' if lines.endswith('"') else lines
    return f'"""{closed}"""'


def comment(text: str) -> str:
    """The text as part of a comment.

    Without the characters that could make it an instruction to Python or to a tool, such
    as `coding: ...` or `type: ignore`.
    """
    return _UNSAFE_IN_COMMENT.sub("_", text)


def _first_paragraph(text: str) -> str:
    return re.split(r"\n[ \t]*\n", text.strip(), maxsplit=1)[0]


def _filled(text: str, columns: int) -> str:
    words = escaped(" ".join(text.split())).replace('"""', '\\"\\"\\"')
    if len(words) <= columns:
        return words
    return textwrap.fill(words, columns, break_long_words=False, break_on_hyphens=False)
