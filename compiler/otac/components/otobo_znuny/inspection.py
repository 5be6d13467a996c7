"""What a helpdesk says of itself to one that changes nothing.

The Generic Interface has no operation that lists queues, priorities, states or rights. But it
looks at them one after the other before it makes a ticket: it is asked for tickets that
cannot be made, since they have no text and a sender of no kind.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from otac.components.inspection import (
    NEW_QUEUE,
    Asked,
    Problem,
    clock_problem,
    missing,
)
from otac.components.otobo_znuny.faults import (
    Fault,
    LoginRefused,
    NoOperation,
    ServiceError,
)
from otac.components.otobo_znuny.operations import Operation
from otac.components.otobo_znuny.web_service import WebService
from otac.components.outcome import Misconfigured
from otac.components.vocabulary import PRIORITIES, STATES

_SUBJECT = "otac asks whether this exists"
_NOBODY = "otac@example.com"
# Of the newest tickets, for the names that are in use.
_SAMPLE = 100
# Something that is never there, so that nothing is read or changed.
_NO_TICKET = {"TicketID": "0"}
_NO_WEB_SERVICE = (
    "something is there; a Znuny without a web service of this name does the same, so look"
    " at `webservice_name`"
)


class _Over(Exception):
    """Nothing more can be asked; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


class Inspection:
    """One helpdesk, as the agent `user`; its address is in `service`."""

    def __init__(
        self, service: WebService, user: str, listed: Mapping[str, str] | None
    ) -> None:
        self._service = service
        self._user = user
        self._can_probe = True
        self._known: dict[str, dict[str, None]] = {
            "queue": dict.fromkeys(listed or ()),
            "priority": {},
            "state": {},
        }

    async def problems(self, asked: Asked) -> AsyncIterator[Problem]:
        """Everything that is wrong, address and login first."""
        try:
            found = await self._call(Operation.SEARCH, _newest())
            difference = self._service.difference
            if (late := clock_problem(difference, "the helpdesk")) is not None:
                yield late
            async for problem in self._operations(found):
                yield problem
            if self._can_probe:
                async for problem in self._names(asked):
                    yield problem
        except _Over as over:
            yield over.problem

    async def _operations(self, found: dict[str, Any]) -> AsyncIterator[Problem]:
        """Which are missing. Reads the newest tickets, and the names that they have."""
        ids = found.get("TicketID") or []
        sample = {"TicketID": ids} if ids else _NO_TICKET
        for operation, data, needed in (
            (Operation.GET, sample, True),
            (Operation.UPDATE, _NO_TICKET, True),
            (Operation.CREATE, {}, False),
        ):
            try:
                answer = await self._call(operation, data)
            except ServiceError:
                # It has understood what it does not like.
                continue
            except _Over as over:
                if over.problem.kind != "operation":
                    raise
                yield over.problem.model_copy(update={"certain": needed})
                if operation is Operation.CREATE:
                    yield Problem(
                        kind="unasked",
                        message="without `TicketCreate` the helpdesk cannot be asked"
                        " for its queues, priorities and states",
                        help="add the operation to the web service, if you want to know",
                    )
                    self._can_probe = False
                continue
            for ticket in answer.get("Ticket") or ():
                for what, names in self._known.items():
                    name = ticket.get(what.capitalize())
                    if isinstance(name, str):
                        names.setdefault(name)

    async def _names(self, asked: Asked) -> AsyncIterator[Problem]:
        """What the configuration names and the helpdesk does not have, or not for us."""
        for name in asked.of("user"):
            if await self._refused({"CustomerUser": name}) == "CustomerUser":
                yield missing("the helpdesk", "user", name)
        there: list[str] = []
        unknown: list[tuple[str, str]] = []
        for what in ("queue", NEW_QUEUE):
            for name in asked.of(what):
                if await self._refused({"Queue": name}) == "Queue":
                    unknown.append((what, name))
                else:
                    there.append(name)
        known = await self._valid("queue", "Queue", {}, unknown)
        for what, name in unknown:
            yield missing("the helpdesk", what, name, known)
        # States are looked at in a queue, priorities in a state as well.
        base: dict[str, str] = {}
        for name in (*there, *known):
            base = {"Queue": name}
            break
        if not base:
            return
        for what, key, usual in (
            ("state", "State", STATES),
            ("priority", "Priority", PRIORITIES),
        ):
            wrong = [
                (what, name)
                for name in asked.of(what)
                if await self._refused({**base, key: name}) == key
            ]
            for name in usual:
                self._known[what].setdefault(name)
            known = await self._valid(what, key, base, wrong)
            for _, name in wrong:
                yield missing("the helpdesk", what, name, known)
            right = [one for one in asked.of(what) if (what, one) not in wrong]
            one = next(iter((*right, *known)), None) or await self._any(what, key, base)
            if one is None:
                return
            base = {**base, key: one}
        for name in dict.fromkeys(there):
            if await self._refused({**base, "Queue": name}) == "AccessDenied":
                for what in ("queue", NEW_QUEUE):
                    if name in asked.of(what):
                        yield self._no_right(what, name)

    def _no_right(self, what: str, name: str) -> Problem:
        return Problem(
            kind="right",
            message=f"agent `{self._user}` may not create tickets in queue `{name}`",
            help="its group most likely lacks `rw` there: then no ticket there can be"
            " changed, and none be moved there",
            what=what,
            name=name,
            certain=what == NEW_QUEUE,
        )

    async def _valid(
        self, what: str, key: str, base: dict[str, str], wrong: list[tuple[str, str]]
    ) -> tuple[str, ...]:
        """The known names that exist; they are asked for only where one is missing."""
        if not wrong:
            return ()
        return tuple(
            [
                name
                for name in self._known[what]
                if (what, name) not in wrong
                and await self._refused({**base, key: name}) != key
            ]
        )

    async def _any(self, what: str, key: str, base: dict[str, str]) -> str | None:
        for name in self._known[what]:
            if await self._refused({**base, key: name}) != key:
                return name
        return None

    async def _refused(self, fields: dict[str, str]) -> str | None:
        """Which of the fields it does not like, or `AccessDenied`; None: it is another."""
        data = {
            "Ticket": {"Title": _SUBJECT, "CustomerUser": _NOBODY, **fields},
            "Article": {"Subject": _SUBJECT, "SenderType": "none"},
        }
        try:
            await self._call(Operation.CREATE, data)
        except ServiceError as error:
            if error.code == "AccessDenied":
                return error.code
            if error.code == "InvalidParameter":
                said = str(error)
                return next((key for key in fields if f"->{key} " in said), None)
        return None

    async def _call(self, operation: Operation, data: dict[str, Any]) -> dict[str, Any]:
        """The answer, asked for once. Raises `_Over` and `ServiceError`."""
        try:
            answer = await self._service.ask(operation, data)
        except LoginRefused as error:
            raise _Over(_problem("login", error, "password")) from None
        except NoOperation as error:
            name = f"`{operation.value}`: {error}"
            raise _Over(_problem("operation", name, "operation_urls")) from None
        except Misconfigured as error:
            raise _Over(_problem("unreachable", error, "base_url")) from None
        if isinstance(answer, Fault):
            problem = _problem("unreachable", answer, "base_url")
            if answer.arrived:
                # It is there, and says nothing, or closes the connection.
                more = {"parameter": "webservice_name", "help": _NO_WEB_SERVICE}
                problem = problem.model_copy(update=more)
            raise _Over(problem)
        return answer


def _newest() -> dict[str, Any]:
    return {"SortBy": "Age", "OrderBy": "Down", "Limit": _SAMPLE}


def _problem(kind: Any, message: object, parameter: str) -> Problem:
    return Problem(kind=kind, message=str(message), parameter=parameter)
