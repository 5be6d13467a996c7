"""Parameters that are written as an expression and rendered for each ticket.

What runs a step hands over a function in the place of the expression: given the names that
the parameter's schema lists under `x-template`, it returns the value. Without an expression,
and without anything around the component that would make one a function, it is plain text.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import WithJsonSchema

from otac.components.outcome import Fail
from otac.components.ticket_system import Ticket

TICKET_KEYS = (
    "id",
    "subject",
    "body",
    "queue",
    "priority",
    "state",
    "customer",
    "created",
    "notes",
)


def template(**names: tuple[str, ...]) -> WithJsonSchema:
    """The schema of such a parameter. `names` are what its expressions can read besides
    everything else, each with the keys that it has.
    """
    told = {name: list(keys) for name, keys in names.items()}
    return WithJsonSchema({"type": ["string", "null"], "x-template": told})


def rendered(text: object, what: str, names: Mapping[str, Any]) -> str:
    """The text for one ticket; `Fail` for a value that is not text."""
    value = text(**names) if callable(text) else text
    match value:
        case str():
            return value
        case bool() | int() | float():
            return str(value)
        case None:
            return ""
    raise Fail(f"`{what}` must be text, not {type(value).__name__}")


def plain(ticket: Ticket) -> dict[str, Any]:
    """What expressions read of a ticket: the same as in results."""
    return ticket.model_dump(mode="json")
