"""What a service says of the world when it is asked before any run needs it."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Literal, Protocol, TypeAlias, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from otac.clock_header import clock_words

# A queue for new tickets need not be there in a ticket system that makes it.
NEW_QUEUE = "queue of new tickets"

Kind: TypeAlias = Literal[
    "unmade",
    "unusable",
    "unreachable",
    "login",
    "operation",
    "missing",
    "right",
    "model",
    "clock",
    "unasked",
]
"""`unmade`: its parameters make no service. `unusable`: what will not pass by itself and is
none of the others. `unasked`: nothing is known to be wrong, for it cannot be asked."""


class Asked(BaseModel):
    """`names` are those that the configuration gives, by what they name: `queue`,
    `priority`, `state`, `user`, `model`, or a word that a plugin's schema has in `x-names`.

    `seconds` is how long all of it may take. With `download`, what is not on this machine
    may be fetched.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: Mapping[str, tuple[str, ...]] = {}
    seconds: float = 20.0
    download: bool = False

    def of(self, *what: str) -> tuple[str, ...]:
        """The names of these kinds, each once."""
        found = (name for one in what for name in self.names.get(one, ()))
        return tuple(dict.fromkeys(found))


class Problem(BaseModel):
    """Something that would go wrong.

    `parameter` is the service's own that is most likely to blame. `what` and `name` are of
    `Asked` where it is about a name; `known` are names that there are, for the nearest of
    them to be told. With `certain` false it may go well all the same.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    message: str
    help: str | None = None
    parameter: str | None = None
    what: str | None = None
    name: str | None = None
    known: Annotated[tuple[str, ...], Field(max_length=10_000)] = ()
    certain: bool = True


@runtime_checkable
class Inspectable(Protocol):
    """A ticket system, classifier or other service that can be asked.

    `otac check --online` does. Nothing is changed anywhere.
    """

    def inspect(self, asked: Asked) -> AsyncIterator[Problem]:
        """What is wrong, each thing as soon as it is known.

        Whatever this raises is told as well: `Fail` as a lasting fault, anything else as one
        that may pass.
        """
        ...


def missing(service: str, what: str, name: str, known: tuple[str, ...] = ()) -> Problem:
    """That `service`, in words, has no such name."""
    return Problem(
        kind="missing",
        message=f"{service} has no {what.partition(' ')[0]} `{name}`",
        what=what,
        name=name,
        known=known,
    )


def clock_problem(seconds: float, whose: str) -> Problem | None:
    """What to say of a clock that is so far ahead of this machine's."""
    message = clock_words(seconds, whose)
    if message is None:
        return None
    return Problem(
        kind="clock",
        message=message,
        help="ages of tickets are counted from both: set both clocks by one time server",
        certain=False,
    )
