"""Source code that knows how to be broken over lines.

Produces what `ruff format` and `black` leave as it is at their common width of 88: an
expression stays on one line if it fits, and otherwise its outermost brackets are opened,
one item a line. The trailing comma then keeps both formatters from closing them again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from otac.source.document import Json

_WIDTH = 88
_INDENT = 4

# The characters of `literal.PRINTABLE` that both formatters count as two columns.
_WIDE = re.compile(
    "[\u3001-\u3029\u3041-\u3096\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uff01-\uff60]"
)


class Group(NamedTuple):
    """Brackets and what they hold. `flat` is all of it on one line.

    `mark` ends each item when the brackets are open: a comma, or nothing where a comma
    would mean something else. `whole` is set for a text that may be written as several
    adjoining literals: it is the same text as one literal, preferred wherever it fits.
    """

    opening: str
    items: Sequence["Code"]
    closing: str
    mark: str
    flat: str
    whole: str = ""


Code: TypeAlias = str | Group


def group(opening: str, items: Sequence[Code], closing: str, mark: str = ",") -> Group:
    """Brackets whose items are separated by commas."""
    inside = ", ".join([i if isinstance(i, str) else i.flat for i in items])
    return Group(opening, items, closing, mark, f"{opening}{inside}{closing}")


def call(function: str, items: Sequence[Code]) -> Group:
    """`function(items)`. A single argument gets no trailing comma, as by hand."""
    return group(f"{function}(", items, ")", "," if len(items) > 1 else "")


def items_of(items: Sequence[Code], before: str = "") -> Group:
    """A list, with `before` on its first line."""
    return group(f"{before}[", items, "]")


def mapping(entries: Sequence[Code], before: str = "") -> Group:
    """A dict of `key: value` entries, with `before` on its first line."""
    return group(f"{before}{{", entries, "}")


def laid_out(code: Code, indent: int = 0, after: str = "") -> str:
    """The source text. `indent` is that of its first line, which is not written.

    `after` is what the caller writes on the last line behind it.
    """
    if isinstance(code, str):
        return code
    opening, items, closing, mark, flat, whole = code
    if indent + width(flat) + len(after) <= _WIDTH or not items:
        return flat
    inner = indent + _INDENT
    if whole and inner + width(whole) <= _WIDTH:
        items = [whole]
    start = f"\n{' ' * inner}"
    lines = [
        item if isinstance(item, str) else laid_out(item, inner, mark) for item in items
    ]
    body = f"{mark}{start}".join(lines)
    return f"{opening}{start}{body}{mark}\n{' ' * indent}{closing}"


def width(text: str) -> int:
    """Columns that the text takes."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


# What a build writes, as a value.
@dataclass(frozen=True, slots=True)
class Artifact:
    """A file: its POSIX path relative to the output folder, and its text (`\\n` ends)."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class DeploymentFile:
    """Our part of `prefect.yaml`, which users may have written parts of too.

    `keys` are the top-level keys otac sets where the user has not set them himself (`name`,
    `pull`, ...), `deployments` the entries otac owns, each with a unique `name`.
    """

    keys: dict[str, Json]
    deployments: tuple[dict[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Output:
    """All files of one build.

    `once` names, by runner, the function that does everything one time, where that is
    another one than its deployment's. `places` are the lines of the configuration for each
    runner and step, for the lock.
    """

    artifacts: tuple[Artifact, ...]
    deployments: DeploymentFile
    once: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
