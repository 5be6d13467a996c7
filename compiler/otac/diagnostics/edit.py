"""What a finding proposes to change in its file."""

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple, TypeAlias

from otac.source.document import Span


class Edit(NamedTuple):
    """`text` takes the place of what stands at `span`; an empty span is an insertion."""

    span: Span
    text: str


class Safety(Enum):
    """How far a correction may be made without asking anybody.

    `CERTAIN`: nothing else can have been meant. `CONFIRM`: plausible, and an author has to
    look at it. `PLACEHOLDER`: the author has to fill something in elsewhere, such as an
    environment variable. `GUESS`: the nearest there is; an editor may offer it.
    """

    CERTAIN = "certain"
    CONFIRM = "to be confirmed"
    PLACEHOLDER = "to be filled in"
    GUESS = "a guess"


class Correction(NamedTuple):
    """Changes that belong together, in the order of their places; none overlaps another.

    `reason` says why it is not certain, or what is to be filled in; empty where it is
    certain. `title` says what it does.
    """

    edits: tuple[Edit, ...]
    title: str
    safety: Safety = Safety.CERTAIN
    reason: str = ""

    def applied(self, text: str) -> str:
        """The file's text with it."""
        return edited(text, self.edits)


class How(Enum):
    """What a reshaping does: `word` is what it writes."""

    UNDER_KEY = "write `{word}:` above the list"
    AS_ITEM = "write `- ` before it"
    BESIDE = "add `{word}` behind it"
    BEFORE = "add `{word}` before it"
    WITHOUT = "remove it"
    AGAIN = "remove what is the same again"
    NEW_ITEM = "write `- ` where the new item begins"
    AS_ITEMS = "make a list of `{word}`"
    ARGUMENT = "add `'{word}'` as the second argument"
    INSTEAD = "replace with `{word}`"
    NO_LINES = "remove its lines"
    SERVICE = "define service `{word}`"
    OUT = "write the merge of `{word}` beside it"
    FIRST = "add step `{word}` before it"


class Reshaping(NamedTuple):
    """A correction whose characters depend on the lines around its place.

    A stage that has no text names what is to be done; `reshaped` finds the edits. `other`
    is a second place, where the change depends on one; `lines` is what comes below the
    word, where that has more than a line. `also` is what has to be done with it.
    """

    how: How
    span: Span
    word: str = ""
    safety: Safety = Safety.CERTAIN
    reason: str = ""
    other: Span | None = None
    lines: tuple[str, ...] = ()
    also: "Reshaping | None" = None

    @property
    def title(self) -> str:
        if self.how is How.WITHOUT and self.word:
            return f"remove `{self.word}`"
        return self.how.value.format(word=self.word)


Proposal: TypeAlias = Correction | Reshaping


def replacement(span: Span, text: str) -> Correction:
    """`text` in place of what stands there, for certain."""
    return Correction((Edit(span, text),), f"replace with `{text}`")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits, which are in the order of their places and do not overlap."""
    parts: list[str] = []
    at = 0
    for span, new in edits:
        parts += (text[at : span.start], new)
        at = span.end
    return "".join((*parts, text[at:]))
