"""`python -m otac.review`: a request as argument, tickets on standard output.

Each line of output is JSON: `{"done": n, "total": n}`, `{"ticket": {...}}` for each one whose
notes have a record of a decision, at the end `{"read": n}`, or `{"error": text}`. Nothing is
changed in any ticket.
"""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from otac.components.history import HistorySearch, HistoryTicketSystem
from otac.components.outcome import Fail
from otac.components.ticket_system import DecidedNote, Ticket
from otac.components.vocabulary import STATES
from otac.local.generated_package import importing_from
from otac.review.request import Request
from otac.runtime.secrets import Secrets
from otac.runtime.services import Services

_PAGE = 100

Say = Callable[[dict[str, Any]], None]


def main() -> int:
    """Exit status 1: an error was told."""
    request = Request.decode(sys.argv[1])
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


async def _read(request: Request, secrets: Secrets, say: Say) -> int:
    with importing_from(request.generated, request.user):
        module = import_module("generated.services")
    services = Services(secrets)
    read = 0
    try:
        for constructor in request.constructors:
            system = services.get(getattr(module, constructor))
            if not isinstance(system, HistoryTicketSystem):
                raise Fail(
                    f"`{type(system).__name__}` cannot be asked for tickets of the past"
                )
            read += await _pages(request, system, say)
    finally:
        await services.close(logging.getLogger("otac"))
    return read


async def _pages(request: Request, system: HistoryTicketSystem, say: Say) -> int:
    since = datetime.fromisoformat(request.since)
    ids = await system.history_ids(HistorySearch(since=since, newest=request.newest))
    for start in range(0, len(ids), _PAGE):
        begun = time.monotonic()
        for ticket in await system.history(ids[start : start + _PAGE]):
            decisions = [
                note.decision.model_dump(mode="json", by_alias=True)
                for note in ticket.notes
                if isinstance(note, DecidedNote)
            ]
            if decisions:
                say({"ticket": _entry(ticket, decisions)})
        say({"done": min(start + _PAGE, len(ids)), "total": len(ids)})
        if start + _PAGE < len(ids):
            left = request.seconds - (time.monotonic() - begun)
            await asyncio.sleep(max(0.0, left))
    return len(ids)


def _entry(ticket: Ticket, decisions: list[Any]) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "body": ticket.body,
        "created": ticket.created.isoformat(),
        "queue": ticket.queue.model_dump(),
        "priority": ticket.priority.model_dump(),
        "is_open": _is_open(ticket.state.name or ""),
        "decisions": decisions,
    }


def _is_open(state: str) -> bool:
    """By the usual names of states; those of a helpdesk's own that begin as they do."""
    ended = ("closed", "merged", "removed", "resolved")
    return STATES.get(state, not state.lower().startswith(ended))


if __name__ == "__main__":
    sys.exit(main())
