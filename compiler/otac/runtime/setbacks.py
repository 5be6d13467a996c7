"""Which tickets of a run failed, so that the next runs are not held up by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from otac.components import Unavailable
from otac.components.handled import Handled
from otac.components.setbacks import RemembersSetbacks, Setback
from otac.runtime.account import Account
from otac.runtime.log import run_log
from otac.runtime.scope import Scope, item_id

# Nothing that a ticket can do anything about.
_EXCUSES = Unavailable, OSError


@dataclass(frozen=True, slots=True)
class _Work:
    system: RemembersSetbacks
    after: int
    had: bool


class Setbacks:
    """The tickets that the steps of one run fetched, and those that made one fail.

    A ticket is to blame for a step that names it, that works on it as an item of a
    for-each, or that fails while it is the only one of the run. It is not where the
    helpdesk or the network is.
    """

    def __init__(self, runner: str) -> None:
        self.purpose = f"setback:{runner}"
        self._work: dict[str, _Work] = {}
        self._blamed: dict[str, None] = {}
        # Of the last attempt of each step or item.
        self._named: dict[str, str] = {}
        self._excused: set[str] = set()

    def fetched(
        self,
        system: RemembersSetbacks,
        ticket_ids: Sequence[str],
        known: Mapping[str, Setback],
        after: int,
    ) -> None:
        """As `Tracker.fetched`."""
        for one in ticket_ids:
            self._work[one] = _Work(system, after, one in known)

    def begins(self, scope: Scope, ticket_id: object) -> None:
        """An attempt of a step, with the ticket that it was told to work on, if any."""
        if not self._work:
            return
        self._excused.discard(scope.key)
        if ticket_id is not None:
            self._named[scope.key] = str(ticket_id)

    def fails(self, scope: Scope, error: Exception) -> None:
        """The attempt raised something."""
        if self._work and isinstance(error, _EXCUSES):
            self._excused.add(scope.key)

    def blame(self, scope: Scope) -> None:
        """The step has no attempt left."""
        if not self._work or scope.key in self._excused:
            return
        found = self._named.get(scope.key) or item_id(scope)
        if found is None and len(self._work) == 1:
            found = next(iter(self._work))
        if found in self._work:
            self._blamed[str(found)] = None

    async def settle(self, run: str, account: Account) -> None:
        """Remembers who failed and forgets who did not. Raises nothing."""
        try:
            await self._settle(run, account)
        except Exception as error:  # noqa: BLE001  the run is over, and this is beside it
            run_log().warning("setbacks were not kept: %s", type(error).__name__)

    async def _settle(self, run: str, account: Account) -> None:
        for one in self._blamed:
            work = self._work[one]
            setback = await work.system.set_back(
                self.purpose, one, run=run, after=work.after
            )
            if setback.seconds:
                until = datetime.now(UTC) + timedelta(seconds=setback.seconds)
                told = f"set aside until {until:%Y-%m-%d %H:%M} UTC"
                times = f"its runs failed {setback.runs} times in a row"
                run_log().warning("ticket %s is %s: %s", one, told, times)
                account.add(one, Handled(one, None, None, told))
        for system in {
            id(work.system): work.system for work in self._work.values()
        }.values():
            recovered = [
                one
                for one, work in self._work.items()
                if work.had and work.system is system and one not in self._blamed
            ]
            if recovered:
                await system.recovered(self.purpose, recovered)
