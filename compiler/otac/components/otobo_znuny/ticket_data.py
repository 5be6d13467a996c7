"""Tickets as the Generic Interface writes them, and what it wants to be told."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from otac.components.outcome import Fail
from otac.components.refusal import describe
from otac.components.ticket_system import (
    Named,
    NewTicket,
    Note,
    Ticket,
    TicketChanges,
    read_note,
    write_note,
)
from otac.components.vocabulary import DEFAULT_STATE, PRIORITIES

# Time zones differ by multiples of this.
_ZONE_STEP = timedelta(minutes=15)
# An article without a subject is refused.
_NO_SUBJECT = "Note"
_DEFAULT_PRIORITY = list(PRIORITIES)[len(PRIORITIES) // 2]

# Empty values come as null from some releases.
_Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
_Flag = Annotated[bool, BeforeValidator(lambda value: str(value) == "1")]


class _Data(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)


class _Article(_Data):
    Subject: _Text = ""
    Body: _Text = ""
    SenderType: _Text = ""
    IsVisibleForCustomer: _Flag = False


class _Ticket(_Data):
    TicketID: str
    Title: _Text
    QueueID: str
    Queue: str
    PriorityID: str
    Priority: str
    StateID: str
    State: str
    CustomerUserID: _Text = ""
    Created: datetime
    Age: int | None = None
    Article: list[_Article] = []


def read_ticket(data: Any, now: datetime) -> Ticket:
    """A ticket from an answer that came at `now`; its first article is the ticket's text."""
    try:
        read = _Ticket.model_validate(data)
    except ValidationError as error:
        problems = "; ".join(describe(error))
        raise Fail(
            f"`TicketGet` of the web service answers something else: it {problems}"
        ) from None
    notes = [_note(article) for article in read.Article]
    return Ticket(
        id=read.TicketID,
        subject=read.Title,
        body=read.Article[0].Body if read.Article else "",
        queue=Named(id=read.QueueID, name=read.Queue),
        priority=Named(id=read.PriorityID, name=read.Priority),
        state=Named(id=read.StateID, name=read.State),
        customer=read.CustomerUserID,
        created=_created(read, now),
        notes=tuple(note for note, _ in notes[1:]),
        applied=frozenset(key for _, key in notes if key is not None),
    )


def keys_of(data: Any) -> list[str]:
    """The keys in a ticket's notes, one that was written twice twice."""
    articles = [_Article.model_validate(one) for one in data.get("Article") or ()]
    return [key for _, key in map(_note, articles) if key is not None]


def read_as_it_came(data: Any, now: datetime) -> Ticket:
    """The same with the subject of its first article: a title can be changed."""
    ticket = read_ticket(data, now)
    articles = data.get("Article") or ()
    first = _Article.model_validate(articles[0]).Subject if articles else ""
    return ticket.model_copy(update={"subject": first}) if first.strip() else ticket


def _note(article: _Article) -> tuple[Note, str | None]:
    """A note, and the key it was marked with; one in a customer's words is none of ours."""
    note = Note(
        subject=article.Subject,
        body=article.Body,
        internal=not article.IsVisibleForCustomer,
    )
    return read_note(note) if article.SenderType == "agent" else (note, None)


def _created(ticket: _Ticket, now: datetime) -> datetime:
    """`Created` is in the helpdesk's own time zone, which `Age` in seconds gives away."""
    written = ticket.Created.replace(tzinfo=UTC)
    if ticket.Age is None:
        return written
    ahead = written - (now - timedelta(seconds=ticket.Age))
    return written - round(ahead / _ZONE_STEP) * _ZONE_STEP


def changes_data(changes: TicketChanges) -> dict[str, Any]:
    """The `Ticket` of an update; `Fail` for what would be refused halfway through."""
    if changes.state is not None and (changes.state.name or "").startswith("pending"):
        raise Fail(
            f"the state `{changes.state.name}` needs a time, which cannot be given here"
        )
    data: dict[str, Any] = {}
    if changes.subject is not None:
        data["Title"] = changes.subject
    if changes.customer is not None:
        data["CustomerUser"] = changes.customer
    for what, named in (
        ("Queue", changes.queue),
        ("Priority", changes.priority),
        ("State", changes.state),
    ):
        if named is not None:
            data |= named_data(what, named)
    return data


def new_ticket_data(ticket: NewTicket) -> dict[str, Any]:
    """The `Ticket` and the `Article` of a new ticket."""
    if not ticket.customer:
        raise Fail("a new ticket needs a `customer`: a customer user, or an address")
    return {
        "Ticket": {
            "Title": ticket.subject,
            "CustomerUser": ticket.customer,
            **named_data("Queue", ticket.queue),
            **named_data("Priority", ticket.priority or Named(name=_DEFAULT_PRIORITY)),
            **named_data("State", ticket.state or Named(name=DEFAULT_STATE)),
        },
        "Article": {
            **_article(ticket.subject, ticket.body or ticket.subject),
            "SenderType": "customer",
            "IsVisibleForCustomer": 1,
        },
    }


def note_data(note: Note, key: str | None) -> dict[str, Any]:
    """The `Article` of a note, marked with the key."""
    return {
        **_article(note.subject, write_note(note, key)),
        "SenderType": "agent",
        "IsVisibleForCustomer": 0 if note.internal else 1,
    }


def named_data(what: str, named: Named, plural: str = "") -> dict[str, Any]:
    """`{"QueueID": ...}` or `{"Queue": ...}`; with a plural, lists for a search."""
    if named.id is not None:
        return {f"{what}IDs": [named.id]} if plural else {f"{what}ID": named.id}
    if named.name is None:
        raise Fail(f"a {what.lower()} needs an `id` or a `name`")
    return {plural: [named.name]} if plural else {what: named.name}


def _article(subject: str, body: str) -> dict[str, Any]:
    return {
        "CommunicationChannel": "Internal",
        "ContentType": "text/plain; charset=utf8",
        "Subject": subject.strip() or _NO_SUBJECT,
        "Body": body,
    }
