"""The rules of claims and setbacks, for every database that holds them.

Each rule is a generator: it yields a statement with its values, gets the rows, and returns
what was found. So the rules are here alone, and a database only carries statements out:
SQLite in a thread, PostgreSQL over a connection that is waited for.

A statement is right by itself, without a transaction around the rule, and any rule may be
carried out once more after its answer was lost. Instants are the database's own, in seconds
since 1970, and are compared there only: in and out go durations.
"""

import json
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

from otac.components.setbacks import Setback, left_out_seconds

T = TypeVar("T")
Statement: TypeAlias = tuple[str, tuple[object, ...]]
ClaimRule: TypeAlias = Generator[Statement, Sequence[Sequence[Any]], T]


class ClaimDialect(NamedTuple):
    """What the databases do not write alike.

    `schema` comes before the name of a table, `now` is the instant of the statement, and
    `wanted` a table of the columns `value` and `key` from the first value, a JSON list.
    `returning_owner` saves a question where the database knows it: SQLite before 3.35
    does not.
    """

    schema: str
    now: str
    wanted: str
    returning_owner: str


_FREE = """
SELECT wanted.value
FROM {wanted} AS wanted
LEFT JOIN {schema}claims AS held
    ON held.purpose = ?2 AND held.ticket_id = wanted.value
WHERE held.ticket_id IS NULL OR (held.finished = 0 AND held.leased_until <= {now})
ORDER BY coalesce(held.attempts, 0), wanted.key
LIMIT 1
"""
_CLAIM = """
INSERT INTO {schema}claims AS held
    (purpose, ticket_id, owner, leased_until, attempts, finished)
VALUES (?1, ?2, ?3, {now} + ?4, 1, 0)
ON CONFLICT (purpose, ticket_id) DO UPDATE
SET owner = excluded.owner, leased_until = excluded.leased_until,
    attempts = held.attempts + 1
WHERE held.finished = 0 AND held.leased_until <= {now}
{returning_owner}
"""
_OWNER = "SELECT owner FROM {schema}claims WHERE purpose = ?1 AND ticket_id = ?2"
_RENEW = """
UPDATE {schema}claims SET leased_until = {now} + ?4
WHERE purpose = ?1 AND ticket_id = ?2 AND owner = ?3
    AND finished = 0 AND leased_until > {now}
"""
_IS_HELD = (
    "SELECT 1 FROM {schema}claims WHERE purpose = ?1 AND ticket_id = ?2 AND owner = ?3"
    " AND finished = 0 AND leased_until > {now}"
)
_FINISH = (
    "UPDATE {schema}claims SET finished = 1"
    " WHERE purpose = ?1 AND ticket_id = ?2 AND owner = ?3"
)
_RELEASE = (
    "UPDATE {schema}claims SET leased_until = 0"
    " WHERE purpose = ?1 AND owner = ?2 AND finished = 0"
)
_SETBACKS = (
    "SELECT ticket_id, runs, left_out_until - {now}"
    " FROM {schema}setbacks WHERE purpose = ?1"
)
_SETBACK = (
    "SELECT runs, left_out_until - {now}"
    " FROM {schema}setbacks WHERE purpose = ?1 AND ticket_id = ?2"
)
_FORGET_OLD = (
    "DELETE FROM {schema}setbacks"
    " WHERE left_out_until < {now} - 2592000 AND left_out_until > 0"
)
_COUNT = """
INSERT INTO {schema}setbacks AS had (purpose, ticket_id, runs, last_run, left_out_until)
VALUES (?1, ?2, 1, ?3, 0)
ON CONFLICT (purpose, ticket_id) DO UPDATE
SET runs = had.runs + 1, last_run = excluded.last_run, left_out_until = 0
WHERE had.last_run <> excluded.last_run
"""
_LEAVE_OUT = (
    "UPDATE {schema}setbacks SET left_out_until = {now} + ?3"
    " WHERE purpose = ?1 AND ticket_id = ?2 AND left_out_until = 0"
)
_RECOVER = "DELETE FROM {schema}setbacks WHERE purpose = ?1 AND ticket_id = ?2"


def free(purpose: str, tickets: Sequence[int]) -> ClaimRule[int | None]:
    """The first ticket that may be claimed now; those tried least often come first."""
    rows = yield _FREE, (json.dumps(tickets), purpose)
    return int(rows[0][0]) if rows else None


def claim(
    purpose: str,
    tickets: Sequence[int],
    owner: str,
    lease_seconds: float,
    first: int | None,
) -> ClaimRule[int | None]:
    """Leases such a ticket to the owner; `first` is the one that was free just now."""
    ticket = first
    while ticket is not None:
        rows = yield _CLAIM, (purpose, ticket, owner, lease_seconds)
        if not rows:
            rows = yield _OWNER, (purpose, ticket)
        if rows and rows[0][0] == owner:
            return ticket
        # Somebody else was faster.
        ticket = yield from free(purpose, tickets)
    return None


def renew(
    purpose: str, ticket: int, owner: str, lease_seconds: float
) -> ClaimRule[bool]:
    """A lease that has not ended begins anew; false for one that has."""
    yield _RENEW, (purpose, ticket, owner, lease_seconds)
    return bool((yield _IS_HELD, (purpose, ticket, owner)))


def finish(purpose: str, ticket: int, owner: str) -> ClaimRule[None]:
    """No effect if the lease ended and somebody else has the ticket."""
    yield _FINISH, (purpose, ticket, owner)


def release(purpose: str, owner: str) -> ClaimRule[None]:
    """Ends the owner's leases at once."""
    yield _RELEASE, (purpose, owner)


def setbacks(purpose: str) -> ClaimRule[dict[str, Setback]]:
    """The setbacks of a purpose, by ticket."""
    rows = yield _SETBACKS, (purpose,)
    return {str(ticket): _setback(runs, left) for ticket, runs, left in rows}


def set_back(purpose: str, ticket: int, run: str, after: int) -> ClaimRule[Setback]:
    """One more, unless this run has had one."""
    yield _FORGET_OLD, ()
    yield _COUNT, (purpose, ticket, run)
    rows = yield _SETBACK, (purpose, ticket)
    seconds = left_out_seconds(rows[0][0], after) if rows else 0.0
    if seconds:
        yield _LEAVE_OUT, (purpose, ticket, seconds)
        rows = yield _SETBACK, (purpose, ticket)
    # None where another run has just recovered it.
    return _setback(*rows[0]) if rows else Setback(0, 0.0)


def recovered(purpose: str, tickets: Sequence[int]) -> ClaimRule[None]:
    """Forgets about those of some tickets."""
    for ticket in tickets:
        yield _RECOVER, (purpose, ticket)


def _setback(runs: int, seconds: float) -> Setback:
    return Setback(runs, max(0.0, float(seconds)))
