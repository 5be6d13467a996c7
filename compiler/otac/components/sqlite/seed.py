"""The queues and tickets that a new store starts with, from a YAML or CSV file."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from otac.components.outcome import Fail
from otac.components.refusal import OWN, describe, printable
from otac.components.sqlite.yaml_text import load_yaml
from otac.components.ticket_system import Note
from otac.components.vocabulary import DEFAULT_STATE, PRIORITIES, STATES
from otac.plain_file import read_file

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(\d{1,5}(?:\.\d{1,5})?)([mhdw])")


def _duration(value: object) -> timedelta:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError(
            OWN, "Input should be a duration such as `45m`, `30h`, `2d` or `1w`"
        )
    return timedelta(**{_UNITS[match[2]]: float(match[1])})


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class SeedTicket(_Data):
    """A ticket. Its `age` counts back from the moment the store is created.

    Without an `id` it gets the next number.
    """

    id: Annotated[int | None, Field(gt=0, lt=10**15)] = None
    queue: str
    subject: str
    body: str = ""
    priority: str | None = None
    state: str = DEFAULT_STATE
    customer: str = ""
    age: Annotated[timedelta, BeforeValidator(_duration)] = timedelta()
    created: datetime | None = None
    notes: list[Note] = []

    def created_at(self, now: datetime) -> datetime:
        """The instant it was created; a `created` without a zone is UTC."""
        if self.created is None:
            try:
                return now - self.age
            except OverflowError:
                raise Fail(
                    "the `age` of a ticket goes back beyond the year 1"
                ) from None
        if self.created.tzinfo is None:
            return self.created.replace(tzinfo=UTC)
        return self.created


class Seed(_Data):
    """`queues` maps names to descriptions; `priorities` are named lowest first."""

    queues: dict[str, str] = {}
    priorities: Annotated[list[str], Field(min_length=1)] = list(PRIORITIES)
    tickets: list[SeedTicket] = []


def read_seed(path: Path) -> Seed:
    """The seed in this file.

    Raises `Fail` with every problem found. Queues that are not listed are those of the
    tickets, in the order they appear.
    """
    try:
        text = read_file(path).decode("utf-8-sig")
    except OSError as error:
        raise Fail(f"the seed `{path}` cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Fail(f"the seed `{path}` is not UTF-8 text") from None
    try:
        data = _read_csv(text) if path.suffix == ".csv" else load_yaml(text)
    except ValueError as error:
        raise Fail(f"the seed `{path}`: {error}") from None
    seed, problems = seed_of(data)
    if problems:
        listed = "; ".join(problems[:10])
        more = f"; and {len(problems) - 10} more" if len(problems) > 10 else ""
        raise Fail(f"the seed `{path}`: {listed}{more}")
    return seed


def seed_of(data: object) -> tuple[Seed, list[str]]:
    """The seed that the content of such a file makes, and every problem found."""
    if not isinstance(data, dict):
        return Seed(), ["it is not a mapping with `queues` and `tickets`"]
    rows = data.get("tickets") or []
    if not isinstance(rows, list):
        return Seed(), ["`tickets` is not a list"]
    try:
        seed = Seed.model_validate(
            {key: value for key, value in data.items() if key != "tickets"}
        )
    except ValidationError as error:
        return Seed(), describe(error)
    problems: list[str] = []
    tickets: list[SeedTicket] = []
    ids: set[int | None] = set()
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            problems.append(f"ticket {number} is not a mapping")
            continue
        try:
            ticket = SeedTicket.model_validate(row)
        except ValidationError as error:
            problems += [f"ticket {number} {problem}" for problem in describe(error)]
            continue
        tickets.append(ticket)
        if ticket.id is not None and ticket.id in ids:
            problems.append(f"ticket {number} has the id {ticket.id} of an earlier one")
        ids.add(ticket.id)
        problems += [f"ticket {number} {it}" for it in _unknown_names(ticket, seed)]
    queues = seed.queues or dict.fromkeys((ticket.queue for ticket in tickets), "")
    return Seed(queues=queues, priorities=seed.priorities, tickets=tickets), problems


def _unknown_names(ticket: SeedTicket, seed: Seed) -> list[str]:
    problems = []
    if seed.queues and ticket.queue not in seed.queues:
        problems.append(f"is in `{printable(ticket.queue)}`, which is not in `queues`")
    if ticket.priority is not None and ticket.priority not in seed.priorities:
        problems.append(f"has the unknown priority `{printable(ticket.priority)}`")
    if ticket.state not in STATES:
        problems.append(f"has the unknown state `{printable(ticket.state)}`")
    if ticket.created is not None and ticket.age:
        problems.append("has both `age` and `created`")
    return problems


def _read_csv(text: str) -> dict[str, Any]:
    """Tickets, one a line under a header; empty cells are left out."""
    header = text.partition("\n")[0]
    # What spreadsheets write where the comma is the decimal sign.
    delimiter = ";" if ";" in header and "," not in header else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    tickets: list[dict[str, str]] = []
    try:
        for row in reader:
            if None in row:
                raise ValueError(f"line {reader.line_num} has too many cells")
            tickets.append({key: value for key, value in row.items() if value})
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from None
    return {"tickets": tickets}
