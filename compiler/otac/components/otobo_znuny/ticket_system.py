"""`OTOBOZnunyTicketSystem`: a helpdesk of the OTRS family."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import Field, SecretStr

from otac.components.claims import CLAIMS_SCHEMA, Claims, KeepsClaims, PostgresClaims
from otac.components.decision_record import same_key
from otac.components.history import HistorySearch
from otac.components.inspection import Asked, Problem
from otac.components.once import is_of_a_run
from otac.components.otobo_znuny.address import (
    GENERIC_INTERFACE_SCHEMA,
    read_address,
)
from otac.components.otobo_znuny.faults import ServiceError
from otac.components.otobo_znuny.inspection import Inspection
from otac.components.otobo_znuny.late import LateUpdates
from otac.components.otobo_znuny.operations import Operation, OperationUrls
from otac.components.otobo_znuny.queue_names import QueueNames
from otac.components.otobo_znuny.refusals import no_ticket, refused
from otac.components.otobo_znuny.search import (
    by_number,
    found_ids,
    history_data,
    search_data,
)
from otac.components.otobo_znuny.ticket_data import (
    changes_data,
    keys_of,
    new_ticket_data,
    note_data,
    read_as_it_came,
    read_ticket,
)
from otac.components.otobo_znuny.web_service import Unsettled, WebService
from otac.components.outcome import Fail, Unavailable
from otac.components.sqlite.claim_file import claim_file
from otac.components.ticket_system import (
    NewTicket,
    Note,
    Queue,
    Ticket,
    TicketChanges,
    TicketSearch,
    ticket_number,
)

# Tickets in a request; each takes about 3 ms and 5 kB.
_BULK = 100
# What belongs to the past is not urgent: agents work meanwhile.
_HISTORY_SECONDS = 0.2
# Without a limit, the helpdesk's own is 500.
_ALL = 10_000


Reading: TypeAlias = Callable[[Any, datetime], Ticket]


class OTOBOZnunyTicketSystem(KeepsClaims):
    """A Znuny, OTOBO or OTRS, through a web service of its Generic Interface.

    The key of an update is written into its note, so that it is seen from every machine;
    who works on which ticket just now is in a file that the workers of one machine share, or
    in a PostgreSQL that those of all machines do.
    """

    def __init__(
        self,
        base_url: Annotated[
            str,
            Field(
                description="Address of the Generic Interface, e.g."
                " `https://helpdesk.example/otobo/nph-genericinterface.pl`",
                json_schema_extra=GENERIC_INTERFACE_SCHEMA,
            ),
        ],
        password: Annotated[str, Field(description="The agent's password")],
        username: Annotated[
            str, Field(description="Login of the agent that does the work")
        ] = "open_ticket_ai",
        webservice_name: Annotated[
            str, Field(description="Name of the web service in the helpdesk")
        ] = "OpenTicketAI",
        operation_urls: Annotated[
            OperationUrls | None,
            Field(
                description="The route of each operation that is not found under its"
                " usual one"
            ),
        ] = None,
        queues: Annotated[
            dict[str, str] | None,
            Field(
                description="The queues that tickets may go to and what belongs there:"
                " the helpdesk has no operation that lists them",
                json_schema_extra={
                    "x-lists": "queue",
                    "propertyNames": {"x-names": "queue"},
                },
            ),
        ] = None,
        timeout_seconds: Annotated[
            float, Field(gt=0, description="How long a request may take")
        ] = 30.0,
        retries: Annotated[
            int,
            Field(
                ge=0,
                le=10,
                description="Further attempts of a request whose fault may pass, where"
                " doing it twice does no harm",
            ),
        ] = 2,
        max_connections: Annotated[
            int, Field(ge=1, description="At most this many requests at a time")
        ] = 4,
        late_seconds: Annotated[
            float,
            Field(
                ge=0,
                description="How long after it was sent an update without an answer may"
                " still be carried out, so that its note is waited for and not sent again",
            ),
        ] = 90.0,
        claims_path: Annotated[
            str | None,
            Field(
                description="File that says who works on which ticket, relative to the"
                " project folder; none keeps that to the run"
            ),
        ] = "claims.db",
        claims: Annotated[
            str | None,
            Field(
                description="Address of a PostgreSQL that says it instead of the file, for"
                " workers on several machines:"
                " `postgresql://user:password@host:5432/database`",
                json_schema_extra=CLAIMS_SCHEMA,
            ),
        ] = None,
    ) -> None:
        self._user = username
        self._queues = queues
        self._service = WebService(
            read_address(base_url),
            webservice_name,
            operation_urls or OperationUrls(),
            (username, SecretStr(password)),
            timeout_seconds=timeout_seconds,
            retries=retries,
            max_connections=max_connections,
        )
        self._names = QueueNames(self._service)
        self._late = LateUpdates(self._count, late_seconds)
        self._shared = None if claims is None else PostgresClaims(claims)
        self._claims = (
            claim_file(claims_path, self._service.url)
            if self._shared is None
            else Claims(self._shared, self._service.url)
        )
        # The tickets that were read and not yet updated.
        self._read: dict[str, Ticket] = {}

    async def find(self, search: TicketSearch) -> list[Ticket]:
        """The tickets that match, oldest first; `Fail` for a queue it does not have."""
        ids = await self._search(search, search.offset + search.limit)
        tickets = await self._get_all(ids[search.offset :])
        before = search.created_before
        if before is not None:
            # The helpdesk counts in minutes.
            tickets = [ticket for ticket in tickets if ticket.created < before]
        return sorted(
            tickets, key=lambda ticket: (ticket.created, by_number(ticket.id))
        )

    async def find_ids(self, search: TicketSearch) -> list[str]:
        """The ids of all tickets that match, the ten thousand oldest at most."""
        return await self._search(search, _ALL)

    async def get(self, ticket_id: str) -> Ticket:
        """One ticket; its first article is its text, the others are its notes."""
        ticket = await self._look(ticket_id)
        self._read[ticket.id] = ticket
        return ticket

    async def get_many(self, ticket_ids: Sequence[str]) -> list[Ticket]:
        """The same for several, in a few requests; those that are gone are left out."""
        tickets = await self._get_all(ticket_ids)
        self._read.update((ticket.id, ticket) for ticket in tickets)
        return tickets

    async def history_ids(self, search: HistorySearch) -> list[str]:
        """The ids of the tickets of the past that match, newest first.

        Whether a queue in which nothing is found exists is not asked: that takes the
        attempt to make a ticket there, and here only reading is allowed.
        """
        found: list[str] = []
        # Ids of one kind and names of the other are not looked for together.
        by_name = tuple(one for one in search.queues if one.id is None)
        by_id = tuple(one for one in search.queues if one.id is not None)
        for queues in (by_name, by_id) if search.queues else ((),):
            if not queues and search.queues:
                continue
            part = search.model_copy(update={"queues": queues})
            data = history_data(part, datetime.now(UTC))
            try:
                answer = await self._service.call(Operation.SEARCH, data)
            except ServiceError as error:
                raise refused(error, self._user) from None
            found += found_ids(answer)
        return sorted(found, key=by_number, reverse=True)[: search.newest]

    async def history(self, ticket_ids: Sequence[str]) -> list[Ticket]:
        """Tickets with the subject and the text of their first article."""
        return await self._get_all(ticket_ids, read_as_it_came, _HISTORY_SECONDS)

    async def create(self, ticket: NewTicket) -> Ticket:
        """A new ticket, whose text comes from the customer; never tried twice."""
        data = new_ticket_data(ticket)
        try:
            made = await self._service.call(Operation.CREATE, data, repeatable=False)
        except ServiceError as error:
            raise refused(error, self._user, ticket) from None
        except Unsettled as error:
            raise Fail(
                f"{error}; the ticket may have been made, so this is not tried again"
            ) from None
        return await self.get(str(made.get("TicketID", "")))

    async def update(
        self,
        ticket_id: str,
        changes: TicketChanges,
        note: Note | None = None,
        *,
        key: str | None = None,
    ) -> bool:
        """Changes and note in one request; the key is written into the note.

        Without a note, nothing remembers the key: the same changes once more do no harm.
        A note for the customer gets no key but one that somebody chose: he would read it.
        """
        if note is not None and not note.internal and key and is_of_a_run(key):
            key = None
        # The helpdesk takes "12 or so" for 12.
        ticket_id = str(ticket_number(ticket_id))
        known = self._read.pop(ticket_id, None)
        once = key if note is not None else None
        if once is not None:
            if self._late.is_open(ticket_id, once):
                if await self._late.arrives(ticket_id, once):
                    return True
            elif same_key(once, (known or await self._look(ticket_id)).applied):
                return False
        if self._claims.has_run_out(ticket_id):
            # This process was frozen, or cut off from where claims are kept.
            raise Unavailable(
                f"the claim on ticket `{ticket_id}` has run out, and another run may have"
                " it by now"
            )
        data: dict[str, Any] = {}
        if fields := changes_data(changes):
            data["Ticket"] = fields
        if note is not None:
            data["Article"] = note_data(note, key)
        if not data:
            return True
        if once is not None:
            self._late.sends(ticket_id, once)
        try:
            await self._service.call(
                Operation.UPDATE,
                {"TicketID": ticket_id, **data},
                repeatable=note is None,
            )
        except Unsettled as error:
            unsettled = error
        except (ServiceError, Fail, Unavailable) as error:
            if once is not None:
                self._late.answered(ticket_id, once)
            if isinstance(error, ServiceError):
                raise refused(error, self._user, changes) from None
            raise
        else:
            if once is not None:
                self._late.answered(ticket_id, once)
            return True
        return await self._settle(ticket_id, once, unsettled)

    async def list_queues(self) -> list[Queue]:
        """Those that the configuration names."""
        if self._queues is None:
            raise Fail(
                "the helpdesk cannot be asked for its queues: name those that tickets"
                " may go to under `queues` of the step or of the ticket system"
            )
        return [
            Queue(name=name, description=description)
            for name, description in self._queues.items()
        ]

    async def inspect(self, asked: Asked) -> AsyncIterator[Problem]:
        """Address, web service, login, operations, names and rights; changes nothing."""
        service = self._service.impatient(asked.seconds / 2)
        try:
            inspection = Inspection(service, self._user, self._queues)
            async for problem in inspection.problems(asked):
                yield problem
        finally:
            await service.close()
        if self._shared is not None:
            async for problem in self._shared.inspect():
                yield problem

    async def aclose(self) -> None:
        """Closes the connections and the claims until they are used again."""
        await self._late.tell()
        await self._service.close()
        await self._claims.close()

    async def _search(self, search: TicketSearch, limit: int) -> list[str]:
        data = search_data(search, limit, datetime.now(UTC))
        try:
            answer = await self._service.call(Operation.SEARCH, data)
        except ServiceError as error:
            raise refused(error, self._user) from None
        ids = found_ids(answer)
        if search.queue is not None:
            if ids:
                self._names.saw(search.queue)
            else:
                await self._names.check(search.queue)
        return ids

    async def _get_all(
        self, ids: Sequence[str], reading: Reading = read_ticket, pause: float = 0.0
    ) -> list[Ticket]:
        tickets: list[Ticket] = []
        for start in range(0, len(ids), _BULK):
            chunk = ids[start : start + _BULK]
            try:
                tickets += await self._get(chunk, reading)
            except ServiceError:
                # One that has gone since it was found spoils all of them.
                tickets += await self._get_those_left(chunk, reading, pause)
        return tickets

    async def _get_those_left(
        self, ids: Sequence[str], reading: Reading, pause: float
    ) -> list[Ticket]:
        tickets: list[Ticket] = []
        errors: list[ServiceError] = []
        for ticket_id in ids:
            await asyncio.sleep(pause)
            try:
                tickets += await self._get([ticket_id], reading)
            except ServiceError as error:
                errors.append(error)
        if errors and not tickets:
            raise refused(errors[0], self._user)
        return tickets

    async def _get(
        self, ids: Sequence[str], reading: Reading = read_ticket
    ) -> list[Ticket]:
        data = {"TicketID": list(ids), "AllArticles": 1}
        answer = await self._service.call(Operation.GET, data)
        now = datetime.now(UTC)
        return [reading(one, now) for one in answer.get("Ticket", ())]

    async def _look(self, ticket_id: str) -> Ticket:
        try:
            tickets = await self._get([str(ticket_number(ticket_id))])
        except ServiceError as error:
            if error.code == "AccessDenied":
                raise no_ticket(ticket_id, self._user) from None
            raise refused(error, self._user) from None
        if not tickets:
            raise no_ticket(ticket_id, self._user)
        return tickets[0]

    async def _settle(
        self, ticket_id: str, key: str | None, unsettled: Unsettled
    ) -> bool:
        """After an update with a note that may or may not have been made."""
        if key is None:
            raise Fail(
                f"{unsettled}; the note may be in ticket `{ticket_id}`, so this is not"
                " tried again (a note with a `key` can be)"
            )
        if unsettled.is_late:
            there = await self._late.arrives(ticket_id, key)
        else:
            # It has answered, so it is not at it any more.
            there = await self._count(ticket_id, key) > 0
            self._late.answered(ticket_id, key)
        if there:
            return True
        raise unsettled

    async def _count(self, ticket_id: str, key: str) -> int:
        """How many notes of the ticket have this key."""
        data = {"TicketID": [ticket_id], "AllArticles": 1}
        try:
            answer = await self._service.call(Operation.GET, data)
        except ServiceError as error:
            raise refused(error, self._user) from None
        return sum(
            same_key(key, frozenset({one}))
            for data in answer.get("Ticket", ())
            for one in keys_of(data)
        )
