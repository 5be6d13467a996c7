"""The line at the end of a note that is for programs: what was decided, and for which key.

    [otac {"v": 1, "at": "2026-03-02T09:00Z", "queue": {"from": "Incoming", "to":
    "Billing", "label": "Billing", "confidence": 0.93, "by": "TrainedClassifier"}}
    process:Incoming]

(in one line). It stands in the ticket itself, so that it is seen from every machine, and
needs nothing that an administrator would have to set up, as a dynamic field does. A note
may have the key alone or, where the ticket system keeps keys elsewhere, the record alone.

Only the last line counts and every writer of notes goes through `mark`, so a line like it
in a text that is quoted is never taken for ours. What customers write is not to be given
to `unmark` at all.
"""

import json
import re
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

_LINE = re.compile(r"(?:\A|\n)\s*\[otac (.+)\]\s*\Z")
_DECODER = json.JSONDecoder()
# More digits say nothing and make the line longer.
_DIGITS = 4

_Confidence = Annotated[
    float,
    Field(ge=0, le=1, allow_inf_nan=False),
    AfterValidator(lambda value: round(value, _DIGITS)),
]


class RecordedChoice(BaseModel):
    """What was decided about the queue or the priority of a ticket, and how surely."""

    # Names are those of the ticket system; a label may have been mapped to one. `label` is
    # None if nothing spoke for any, `confidence` where the classifier does not know it.

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, coerce_numbers_to_str=True
    )

    before: Annotated[
        str | None, Field(alias="from", description="What the ticket had before")
    ] = None
    after: Annotated[
        str | None, Field(alias="to", description="What it has got; none if nothing")
    ] = None
    after_id: Annotated[
        str | None, Field(alias="to_id", description="The same by id")
    ] = None
    label: Annotated[str | None, Field(description="The classifier's label")] = None
    confidence: Annotated[
        _Confidence | None, Field(description="How sure the classifier was")
    ] = None
    sure: Annotated[
        bool,
        Field(description="False where it has got this because nothing was certain"),
    ] = True
    by: Annotated[str | None, Field(description="What decided")] = None

    @property
    def is_change(self) -> bool:
        """Whether the ticket was to become something else than it was."""
        return self.after_id is not None or self.after not in (None, self.before)

    def is_still(self, now_id: str | None, now: str | None) -> bool:
        """Whether a ticket that has this now has what was decided; by id if both are known."""
        if self.after_id is not None and now_id is not None:
            return self.after_id == now_id
        return self.after is not None and self.after == now


class Choices(BaseModel):
    """What was decided about one ticket. None for what was not asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    queue: Annotated[RecordedChoice | None, Field(description="About its queue")] = None
    priority: Annotated[
        RecordedChoice | None, Field(description="About its priority")
    ] = None


class DecisionRecord(Choices):
    """The same with the version of the format and the instant of the decision."""

    v: Literal[1] = 1
    at: datetime


class Marked(NamedTuple):
    """A note's text without its line, and what the line says."""

    text: str
    key: str | None = None
    decision: DecisionRecord | None = None


def mark(body: str, key: str | None, decision: DecisionRecord | None = None) -> str:
    """The text with its line. Without a key and a record, a text that cannot be mistaken
    for one that has any.
    """
    if key is None and decision is None:
        return _harmless(body)
    said = [] if key is None else [_one_line(key)]
    if decision is not None:
        said.insert(0, _written(decision))
    elif said[0].startswith("{"):
        # A key that looks like a record is not taken for one.
        said.insert(0, "{}")
    return f"{body.rstrip()}\n\n[otac {' '.join(said)}]"


def unmark(body: str) -> Marked:
    """What an agent's note says. A record that was damaged or is of a newer version is
    None; the key, as `same_key` wants it, is found all the same.
    """
    found = _LINE.search(body)
    if found is None:
        return Marked(body)
    said, text = found[1], body[: found.start()].rstrip()
    if not said.startswith("{"):
        return Marked(text, said)
    try:
        data, end = _DECODER.raw_decode(said)
    except (ValueError, RecursionError):
        _, _, key = said.rpartition("} ")
        return Marked(text, key or None)
    return Marked(text, said[end:].strip() or None, _record(data))


def same_key(key: str, keys: frozenset[str]) -> bool:
    """Whether the key is among those that `unmark` found."""
    return _one_line(key) in keys


def _record(data: Any) -> DecisionRecord | None:
    try:
        return DecisionRecord.model_validate(data)
    except ValidationError:
        return None


def _written(decision: DecisionRecord) -> str:
    data = decision.model_dump(mode="json", by_alias=True, exclude_none=True)
    said: dict[str, Any] = {
        "v": decision.v,
        "at": decision.at.isoformat(timespec="seconds"),
        **{key: _short(data[key]) for key in ("queue", "priority") if key in data},
    }
    return json.dumps(said, ensure_ascii=False)


def _short(choice: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in choice.items() if value is not True}


def _harmless(body: str) -> str:
    found = _LINE.search(body)
    if found is None:
        return body
    return f"{body[: found.start(1)].rstrip()}: {body[found.start(1) :]}"


def _one_line(key: str) -> str:
    return " ".join(key.split())
