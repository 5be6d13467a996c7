"""`python -m otac.review`: a request as argument, tickets on standard output.

Each line of output is JSON: `{"done": n, "total": n}`, `{"ticket": {...}}` for each one whose
notes have a record of a decision, at the end `{"read": n}`, or `{"error": text}`. Nothing is
changed in any ticket.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from otac.components.history import HistorySearch, HistoryTicketSystem
from otac.components.ticket_system import DecidedNote, Ticket
from otac.history.reading import pages, ticket_systems
from otac.review.request import ReviewRequest
from otac.runtime.secrets import Secrets

Say = Callable[[dict[str, Any]], None]


def main() -> int:
    """Exit status 1: an error was told."""
    request = ReviewRequest.decode(sys.argv[1])
    # What a plugin prints must not stand among what is said here.
    out, sys.stdout = sys.stdout, sys.stderr

    def say(what: dict[str, Any]) -> None:
        out.write(json.dumps(what) + "\n")
        out.flush()

    secrets = Secrets()
    try:
        read = asyncio.run(_read(request, secrets, say))
    except Exception as problem:  # noqa: BLE001
        say({"error": secrets.describe(problem)})
        return 1
    say({"read": read})
    return 0


async def _read(request: ReviewRequest, secrets: Secrets, say: Say) -> int:
    systems = ticket_systems(
        request.generated, request.user, request.constructors, secrets
    )
    async with systems as every:
        return sum([await _tickets(request, system, say) for system in every])


async def _tickets(
    request: ReviewRequest, system: HistoryTicketSystem, say: Say
) -> int:
    since = datetime.fromisoformat(request.since)
    search = HistorySearch(since=since, newest=request.newest)
    ids = await system.history_ids(search)
    # Names of states are the helpdesk's own, in its language: it knows which are open.
    still = set(await system.history_ids(search.model_copy(update={"only": "open"})))
    async for asked, tickets in pages(system, ids, request.seconds):
        for ticket in tickets:
            decisions = [
                note.decision.model_dump(mode="json", by_alias=True)
                for note in ticket.notes
                if isinstance(note, DecidedNote)
            ]
            if decisions:
                say({"ticket": _entry(ticket, ticket.id in still, decisions)})
        say({"done": asked, "total": len(ids)})
    return len(ids)


def _entry(ticket: Ticket, is_open: bool, decisions: list[Any]) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "body": ticket.body,
        "created": ticket.created.isoformat(),
        "queue": ticket.queue.model_dump(),
        "priority": ticket.priority.model_dump(),
        "is_open": is_open,
        "decisions": decisions,
    }


if __name__ == "__main__":
    sys.exit(main())
