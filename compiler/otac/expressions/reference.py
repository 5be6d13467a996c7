"""What an expression refers to, each thing with its place.

Offsets count characters of the expression's text, `start` inclusive and `end` exclusive.
`start` and `end` of a reference enclose its first word: the name, the function, the
filter. A `Segment` encloses the characters of a constant, without its quotes.
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Segment(NamedTuple):
    """A constant word at its place; `text` is what Jinja makes of the characters."""

    text: str
    start: int
    end: int


Path: TypeAlias = tuple[Segment, ...]
ITEM = "[]"
"""What a path has for one item of a list: `| first`, `[0]`."""
CHOOSING = frozenset(("first", "last", "random"))
"""The filters that leave one item of a list."""


@dataclass(frozen=True, slots=True)
class NameReference:
    """A name that the expression does not define itself: `params.queue`.

    `path` are the constant attributes and keys that follow, up to the first that is not
    constant and without the name of a method that is called. `guarded` is true where the
    expression copes with the absence of what the path leads to: by `| default(...)`, by
    `is defined`, or in a branch entered only when it is defined.
    """

    name: str
    start: int
    end: int
    path: Path = ()
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class StepReference:
    """A question to a step: `get_pipe_result('fetch', 'tickets')`, `has_failed('fetch')`.

    `step` is None where the id is computed. `key` is None where none is given, or where
    it is computed (`computed_key`). `path` are the constant keys asked of the result.
    `has_default` tells of the argument `default`, `guarded` is as for names.
    """

    function: str
    start: int
    end: int
    step: Segment | None
    key: Segment | None = None
    computed_key: bool = False
    has_default: bool = False
    path: Path = ()
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class EnvReference:
    """An environment variable: `env.NAME`, `env['NAME']`, `get_env('NAME')`.

    `name` is None where it is computed. `has_default` is true for the argument `default`
    and for everything that makes a name guarded.
    """

    start: int
    end: int
    name: Segment | None
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class SecretReference:
    """A Prefect Secret block: `secret('zammad-token')`; fields as in `EnvReference`."""

    start: int
    end: int
    name: Segment | None
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class VariableReference:
    """A Prefect Variable: `variable('queue')`; fields as in `EnvReference`."""

    start: int
    end: int
    name: Segment | None
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class ParentParamReference:
    """`get_parent_param('queue')`; fields as in `EnvReference`."""

    start: int
    end: int
    name: Segment | None
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class CallReference:
    """A call of a function by its bare name, known or not.

    Each call of a known function is one of these, and where the function looks something
    up, one of the references above as well. `spread` is true where arguments come from
    `*values` or `**values`, so that their number is unknown.
    """

    name: str
    start: int
    end: int
    positional: int = 0
    keywords: Path = ()
    spread: bool = False


@dataclass(frozen=True, slots=True)
class FilterReference:
    """`| length`."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TestReference:
    """`is defined`."""

    __test__ = False  # not a test case, whatever pytest makes of the name

    name: str
    start: int
    end: int


Lookup: TypeAlias = (
    StepReference
    | EnvReference
    | SecretReference
    | VariableReference
    | ParentParamReference
)
Reference: TypeAlias = (
    NameReference | Lookup | CallReference | FilterReference | TestReference
)
