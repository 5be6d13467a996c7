"""A syntax error as the YAML parser reports it, and what surrounds it."""

from dataclasses import dataclass
from enum import Enum, auto

from otac.source.document import Scalar
from otac.source.syntax.line import Line, line_at


class ProblemKind(Enum):
    """What the parser met, or missed."""

    TAB = auto()
    BAD_START = auto()
    COLON = auto()
    DASH = auto()
    QUESTION_MARK = auto()
    NO_COLON = auto()
    TIGHT_COLON = auto()
    NO_CONTENT = auto()
    NO_COMMA = auto()
    NO_KEY = auto()
    NO_DASH = auto()
    NO_DOCUMENT = auto()
    BLOCK_HEADER = auto()
    NAME = auto()
    TAG = auto()
    ESCAPE = auto()
    OPEN_QUOTE = auto()
    DIRECTIVE = auto()
    OTHER = auto()


# Words of libyaml and of the parser in Python, which often agree; the first that occurs
# in "context: problem" decides.
_WORDS = (
    ("tab character", ProblemKind.TAB),
    ("cannot start any token", ProblemKind.BAD_START),
    ("mapping values are not allowed", ProblemKind.COLON),
    ("sequence entries are not allowed", ProblemKind.DASH),
    ("mapping keys are not allowed", ProblemKind.QUESTION_MARK),
    ("could not find expected ':'", ProblemKind.NO_COLON),
    ("found unexpected ':'", ProblemKind.TIGHT_COLON),
    ("node content", ProblemKind.NO_CONTENT),
    ("expected ',' or", ProblemKind.NO_COMMA),
    ("parsing a block mapping", ProblemKind.NO_KEY),
    ("parsing a block collection", ProblemKind.NO_DASH),
    ("document start", ProblemKind.NO_DOCUMENT),
    ("scanning a block scalar", ProblemKind.BLOCK_HEADER),
    ("scanning an alias", ProblemKind.NAME),
    ("scanning an anchor", ProblemKind.NAME),
    (" a tag:", ProblemKind.TAG),
    ("tag handle", ProblemKind.TAG),
    ("hexdecimal", ProblemKind.ESCAPE),
    ("hexadecimal", ProblemKind.ESCAPE),
    ("escape c", ProblemKind.ESCAPE),
    ("scanning a quoted scalar", ProblemKind.OPEN_QUOTE),
    ("directive", ProblemKind.DIRECTIVE),
    ("incompatible", ProblemKind.DIRECTIVE),
)


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Where and at what the parser stopped.

    `offset` is where, at most the length of the text. `opening` is the start of what it
    was reading, as far as it says so. `brackets` are open around it. `latest` is the
    scalar that it read last.
    """

    text: str
    kind: ProblemKind
    words: str
    offset: int
    opening: int | None
    brackets: tuple[int, ...]
    latest: Scalar | None

    @property
    def character(self) -> str:
        """The character at which the parser stopped; empty at the end of the text."""
        return self.text[self.offset : self.offset + 1]

    @property
    def line(self) -> Line:
        return line_at(self.text, self.offset)

    @property
    def before(self) -> str:
        """What stands before the place on the same line, without trailing blanks."""
        line = self.line
        return line.text[: self.offset - line.start].rstrip()

    @property
    def at_end(self) -> bool:
        """Whether nothing but blanks and comments follows."""
        rest = self.text[self.offset :].splitlines()
        return all(not line.strip() or line.strip().startswith("#") for line in rest)


def kind_of(words: str) -> ProblemKind:
    """The kind of a problem from the parser's words, `context: problem`."""
    return next((kind for word, kind in _WORDS if word in words), ProblemKind.OTHER)
