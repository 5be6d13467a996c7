"""The tickets that a run has handled, as a Prefect artifact."""

import os
import re
from typing import Any

from otac.agreed import count_of_tickets
from otac.components.handled import Handled, Listener
from otac.runtime.log import run_log
from otac.runtime.scope import Scope, item_id
from otac.runtime.secrets import Secrets

SWITCH = "OTAC_ARTIFACTS"
_MOST_ROWS = 1000
_LONGEST = 200
_SECONDS = 10.0


class Account:
    """What the components of one run report, by ticket in the order of their handling."""

    def __init__(self, runner: str, secrets: Secrets) -> None:
        self._runner = runner
        self._secrets = secrets
        self._tickets: dict[str, list[Handled]] = {}
        # A classifier is given a text and does not know whose: that is no further ticket.
        self._known: set[str] = set()

    def at(self, scope: Scope) -> Listener:
        """Who listens to the component of a step."""

        def note(handled: Handled) -> None:
            ticket = handled.ticket_id or item_id(scope)
            if ticket:
                self.add(ticket, handled)
            else:
                self._note(scope.label, handled)

        return note

    def add(self, ticket: str, handled: Handled) -> None:
        """One more thing about a ticket."""
        self._known.add(ticket)
        self._note(ticket, handled)

    def rows(self) -> list[dict[str, Any]]:
        """A row for each ticket; several labels or deeds stand in one cell."""
        return [
            {
                "ticket": self._cell([ticket]),
                "label": self._cell([one.label for one in handled]),
                "confidence": self._cell(
                    [
                        None if one.confidence is None else f"{one.confidence:.2f}"
                        for one in handled
                    ]
                ),
                "done": self._cell([one.done for one in handled]),
            }
            for ticket, handled in [*self._tickets.items()][:_MOST_ROWS]
        ]

    async def publish(self) -> None:
        """Store the artifact, if there is something to show and Prefect runs the flow.

        What cannot be stored is a line in the log and changes nothing about the run.
        """
        if not self._tickets or os.environ.get(SWITCH, "").lower() in ("0", "false"):
            return
        try:
            import anyio
            from prefect.artifacts import acreate_table_artifact
            from prefect.context import FlowRunContext

            if FlowRunContext.get() is None:
                return
            count = len(self._known) or len(self._tickets)
            more = f", of which the first {_MOST_ROWS}" if count > _MOST_ROWS else ""
            with anyio.fail_after(_SECONDS):
                await acreate_table_artifact(
                    self.rows(),
                    key=_key(self._runner),
                    description=f"{count_of_tickets(count)}{more}",
                )
        except Exception as error:  # noqa: BLE001
            reason = self._secrets.describe(error)
            run_log().warning("the artifact was not stored: %s", reason)

    def _note(self, row: str, handled: Handled) -> None:
        self._tickets.setdefault(row, []).append(handled)

    def _cell(self, words: list[str | None]) -> str:
        text = ", ".join(dict.fromkeys(word for word in words if word))
        text = self._secrets.scrub(text)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _key(runner: str) -> str:
    """The same for all runs of a runner; Prefect takes `a-z0-9-` and shows a history."""
    return f"tickets-{re.sub('[^a-z0-9]+', '-', runner.lower()).strip('-')}".strip("-")
