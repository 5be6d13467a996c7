"""Data of Open Ticket AI, of whichever package's models, as ours."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from otac.components.ticket_system import Note


def plain_data(model: Any, more: Mapping[str, Any]) -> dict[str, Any]:
    """A model of whichever package, or keywords, as plain data without what is left out."""
    whole = model.model_dump() if isinstance(model, BaseModel) else dict(model or {})
    return {
        key: value.model_dump() if isinstance(value, BaseModel) else value
        for key, value in {**whole, **more}.items()
        if value is not None
    }


def note_from(data: Any) -> Note:
    plain = plain_data(data, {})
    # Pipes of that time know no internal notes; here they are the default.
    return Note(
        subject=plain.get("subject", ""),
        body=plain.get("body", ""),
        internal=plain.get("internal", True),
    )


def customer_from(data: Any) -> str:
    if isinstance(data, Mapping):
        return str(data.get("name") or data.get("id") or "")
    return str(data or "")
