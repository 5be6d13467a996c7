"""The references behind the functions that look something up."""

from typing import NamedTuple

from otac.expressions.reference import (
    EnvReference,
    Lookup,
    ParentParamReference,
    Path,
    SecretReference,
    Segment,
    StepReference,
    VariableReference,
)


class Arguments(NamedTuple):
    """What is known of the arguments of a lookup: of an id or name, of a key."""

    first: Segment | None
    key: Segment | None = None
    computed_key: bool = False
    has_default: bool = False


def lookup(
    function: str,
    start: int,
    end: int,
    arguments: Arguments,
    path: Path = (),
    guarded: bool = False,
) -> Lookup | None:
    """The reference that a call makes; None for a function that looks nothing up."""
    name = arguments.first
    covered = arguments.has_default or guarded
    match function:
        case "get_pipe_result" | "pipe_result" | "has_failed" | "has_succeeded":
            return StepReference(function, start, end, *arguments, path, guarded)
        case "get_env":
            return EnvReference(start, end, name, covered)
        case "secret":
            return SecretReference(start, end, name, covered)
        case "variable":
            return VariableReference(start, end, name, covered)
        case "get_parent_param":
            return ParentParamReference(start, end, name, covered)
        case _:
            return None
