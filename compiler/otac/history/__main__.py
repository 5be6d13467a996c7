"""`python -m otac.history FILE`: a request in a file, progress on standard output.

Each line of output is JSON: `{"done": n, "total": n}`, at the end `{"ids": [...]}`, or
`{"error": text}`. Tickets go to the store, page by page, a line of JSON each.
"""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from otac.components import HistorySearch, HistoryTicketSystem, Named, Ticket
from otac.components.ticket_system import DecidedNote
from otac.history.reading import pages, ticket_systems
from otac.history.request import HistoryRequest
from otac.runtime.secrets import Secrets


def main() -> int:
    """Exit status 1: an error was told."""
    request = HistoryRequest.decode(Path(sys.argv[1]).read_text(encoding="utf-8"))
    # What a plugin prints must not stand among what is said here.
    out, sys.stdout = sys.stdout, sys.stderr

    def say(**what: Any) -> None:
        out.write(json.dumps(what) + "\n")
        out.flush()

    secrets = Secrets()
    try:
        with Path(request.store).open("a", encoding="utf-8") as store:
            ids = asyncio.run(_read(request, secrets, store, say))
    except Exception as problem:  # noqa: BLE001
        say(error=secrets.describe(problem))
        return 1
    say(ids=ids)
    return 0


async def _read(
    request: HistoryRequest, secrets: Secrets, store: TextIO, say: Any
) -> list[str]:
    systems = ticket_systems(
        request.generated, request.user, [request.constructor], secrets
    )
    async with systems as (system,):
        return await _pages(request, system, store, say)


async def _pages(
    request: HistoryRequest, system: HistoryTicketSystem, store: TextIO, say: Any
) -> list[str]:
    since = None if request.since is None else datetime.fromisoformat(request.since)
    search = HistorySearch(
        queues=tuple(Named(name=name) for name in request.queues),
        since=since,
        newest=request.newest,
        only="closed",
    )
    ids = await system.history_ids(search)
    known = set(request.known)
    missing = [one for one in ids if one not in known]
    done = len(ids) - len(missing)
    say(done=done, total=len(ids))
    async for asked, tickets in pages(system, missing, request.seconds):
        # The end of the line comes first: what was written before may have been cut off.
        store.writelines("\n" + json.dumps(_entry(ticket)) for ticket in tickets)
        store.flush()
        say(done=done + asked, total=len(ids))
    return ids


def _entry(ticket: Ticket) -> dict[str, Any]:
    """A ticket as the store has it, with what of it is otac's own decision."""
    own = [
        what
        for what in ("queue", "priority")
        if _is_own(ticket, what, getattr(ticket, what))
    ]
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "body": ticket.body,
        "queue": ticket.queue.name or "",
        "priority": ticket.priority.name or "",
        "created": ticket.created.isoformat(),
        "own": own,
    }


def _is_own(ticket: Ticket, what: str, now: Named) -> bool:
    """Whether otac decided it last, and nobody has made something else of it."""
    for note in reversed(ticket.notes):
        if isinstance(note, DecidedNote):
            choice = getattr(note.decision, what)
            if choice is not None and choice.is_change:
                return bool(choice.is_still(now.id, now.name))
    return False


if __name__ == "__main__":
    sys.exit(main())
