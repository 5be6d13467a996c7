"""How pipes are spelled in a dialect."""

from typing import NamedTuple

from otac.dialects.rewriting import Words


class Spelling(NamedTuple):
    """What differs between the dialects in a pipe.

    `flat`: parameters stand beside `use`, and not under `params` alone. `inherits`: a pipe
    gets the parameters of the composite around it, as far as it has none of its own.
    `bare_conditions`: `if` is an expression without braces. `steps_in_params`: the steps of
    a composite may be one of its parameters. `tickets_are_value`: what a step fetched is
    also its `value`, so that `pipe_result('fetch')` is the list of tickets.
    """

    words: Words
    flat: bool = False
    inherits: bool = False
    bare_conditions: bool = False
    steps_in_params: bool = False
    tickets_are_value: bool = False
