"""From a model's labels to queues and priorities of the helpdesk."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from otac.agreed import fits
from otac.components.ticket_system import Named

# One of them, by its name or as `{id: 5}`.
QueueTarget = Annotated[str | Named, Field(json_schema_extra={"x-names": "queue"})]
PriorityTarget = Annotated[
    str | Named, Field(json_schema_extra={"x-names": "priority"})
]


def named(value: str | Named | None) -> Named | None:
    """The same with one type."""
    return Named(name=value) if isinstance(value, str) else value


def words(value: Named) -> str:
    """As people read it; the id where nothing else is known."""
    return value.name or value.id or ""


def find(
    rules: Mapping[str, str] | Mapping[str, str | Named], label: str
) -> Named | None:
    """What the first rule that fits says; None if none does."""
    for pattern, value in rules.items():
        if fits(pattern, label):
            return named(value)
    return None
