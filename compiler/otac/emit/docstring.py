"""Docstrings and comments, in which text of the configuration is prose."""

import re
import textwrap

from otac.emit.literal import PRINTABLE, escaped

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
