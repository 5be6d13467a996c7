"""Whether the helpdesk has a queue.

A search in a queue that does not exist finds nothing and says nothing, so that a misspelt
name would look like an empty queue for ever.
"""

import logging

from otac.components.otobo_znuny.faults import ServiceError
from otac.components.otobo_znuny.operations import Operation
from otac.components.otobo_znuny.ticket_data import named_data
from otac.components.otobo_znuny.web_service import WebService
from otac.components.outcome import Fail
from otac.components.ticket_system import Named

_logger = logging.getLogger("otac.components")


class QueueNames:
    """Remembers which queues were seen to be there."""

    def __init__(self, service: WebService) -> None:
        self._service = service
        self._seen: set[Named] = set()

    def saw(self, queue: Named) -> None:
        """Something was found in it."""
        self._seen.add(queue)

    async def check(self, queue: Named) -> None:
        """`Fail` if a queue in which nothing was found is not there."""
        if queue in self._seen:
            return
        if not await self._ever_used(queue) and await self._is_refused(queue):
            raise Fail(unknown_queue(queue))
        self._seen.add(queue)

    async def _ever_used(self, queue: Named) -> bool:
        search = {**named_data("Queue", queue, "Queues"), "Limit": 1}
        answer = await self._service.call(Operation.SEARCH, search)
        return bool(answer.get("TicketID"))

    async def _is_refused(self, queue: Named) -> bool:
        """Asks for a ticket that cannot be made: without state, priority and text.

        The Generic Interface has no operation for it, but looks at the queue before it
        misses those.
        """
        data = {
            "Ticket": {
                "Title": "otac asks whether this queue exists",
                "CustomerUser": "otac@example.com",
                **named_data("Queue", queue),
            },
            "Article": {"Subject": "otac asks whether this queue exists"},
        }
        try:
            await self._service.call(Operation.CREATE, data, repeatable=False)
        except ServiceError as error:
            return error.code == "InvalidParameter" and "Queue" in str(error)
        except Fail:
            # A web service without this operation.
            _logger.warning(
                "nothing was ever found in queue `%s`: is that its name?",
                queue.name or queue.id,
            )
            return False
        return False


def unknown_queue(queue: Named) -> str:
    """What to say about a queue that is not there."""
    which = f"`{queue.name}`" if queue.id is None else f"with the id `{queue.id}`"
    return f"the helpdesk has no queue {which}: check its name, and that it is valid"
