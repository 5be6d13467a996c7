"""`python -m otac.history FILE`: a request in a file, progress on standard output.

Each line of output is JSON: `{"done": n, "total": n}`, at the end `{"ids": [...]}`, or
`{"error": text}`. Tickets go to the store, page by page, a line of JSON each.
"""

import asyncio
import json
import logging
import sys
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from otac.components import Fail, HistorySearch, HistoryTicketSystem, Named, Ticket
from otac.components.ticket_system import DecidedNote
from otac.history.request import Request
from otac.local.generated_package import importing_from
from otac.runtime.secrets import Secrets
from otac.runtime.services import Services

_PAGE = 100


def main() -> int:
    """Exit status 1: an error was told."""
    request = Request.decode(Path(sys.argv[1]).read_text(encoding="utf-8"))
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
    request: Request, secrets: Secrets, store: TextIO, say: Any
) -> list[str]:
    with importing_from(request.generated, request.user):
        module = import_module("generated.services")
    services = Services(secrets)
    try:
        system = services.get(getattr(module, request.constructor))
        if not isinstance(system, HistoryTicketSystem):
            raise Fail(
                f"`{type(system).__name__}` cannot be asked for tickets of the past:"
                " export them, and name the file with `--tickets`"
            )
        return await _pages(request, system, store, say)
    finally:
        await services.close(logging.getLogger("otac"))


async def _pages(
    request: Request, system: HistoryTicketSystem, store: TextIO, say: Any
) -> list[str]:
    since = None if request.since is None else datetime.fromisoformat(request.since)
    search = HistorySearch(
        queues=tuple(Named(name=name) for name in request.queues),
        since=since,
        newest=request.newest,
        closed=True,
    )
    ids = await system.history_ids(search)
    known = set(request.known)
    missing = [one for one in ids if one not in known]
    begun = 0.0
    done = len(ids) - len(missing)
    say(done=done, total=len(ids))
    for start in range(0, len(missing), _PAGE):
        if start:
            await asyncio.sleep(max(0.0, begun + request.seconds - time.monotonic()))
        begun = time.monotonic()
        page = missing[start : start + _PAGE]
        # The end of the line comes first: what was written before may have been cut off.
        store.writelines(
            "\n" + json.dumps(_entry(ticket)) for ticket in await system.history(page)
        )
        store.flush()
        done += len(page)
        say(done=done, total=len(ids))
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
