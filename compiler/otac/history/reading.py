"""Tickets of the past, page by page, for whoever reads them: `otac train`, `otac review`."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from importlib import import_module

from otac.components import Fail, HistoryTicketSystem, Ticket
from otac.local.generated_package import importing_from
from otac.runtime.secrets import Secrets
from otac.runtime.services import Services

_PAGE = 100


@asynccontextmanager
async def ticket_systems(
    generated: str, user: str, constructors: Iterable[str], secrets: Secrets
) -> AsyncIterator[list[HistoryTicketSystem]]:
    """Those that the generated package makes; closed in the end.

    `generated` and `user` are the folders from which modules are imported. `Fail` for one
    that knows nothing of the past.
    """
    with importing_from(generated, user):
        module = import_module("generated.services")
    services = Services(secrets)
    try:
        yield [_asked(services.get(getattr(module, name))) for name in constructors]
    finally:
        await services.close(logging.getLogger("otac"))


async def pages(
    system: HistoryTicketSystem, ids: Sequence[str], seconds: float
) -> AsyncIterator[tuple[int, list[Ticket]]]:
    """How many of the ids have been asked for, and the tickets of a page, which begins
    `seconds` after the one before, or later.
    """
    begun = 0.0
    for start in range(0, len(ids), _PAGE):
        if start:
            await asyncio.sleep(max(0.0, begun + seconds - time.monotonic()))
        begun = time.monotonic()
        page = ids[start : start + _PAGE]
        yield start + len(page), await system.history(page)


def _asked(system: object) -> HistoryTicketSystem:
    if not isinstance(system, HistoryTicketSystem):
        raise Fail(
            f"`{type(system).__name__}` cannot be asked for tickets of the past; `otac train`"
            " learns from a file as well (`--tickets FILE`)"
        )
    return system
