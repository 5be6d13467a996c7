"""Where a step stands, as components of Open Ticket AI see it."""

from collections.abc import Mapping
from typing import Any

from otac.components.outcome import Skipped
from otac.runtime.record import Failure, Skip, Success
from otac.runtime.scope import Scope
from otac.runtime.session import Session
from otac.runtime.view import plain, seen_from


class StepSurroundings:
    """One step of one run. Nothing is put together before it is asked for."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session = session
        self._scope = scope

    @property
    def step(self) -> str:
        """The ids from the outermost list on."""
        return self._scope.label

    def results(self) -> Mapping[str, object]:
        """The steps of the own list and of those around it; the nearest one wins."""
        found: dict[str, object] = {}
        for scope in self._scope.outwards():
            for key, record in scope.records.items():
                if key not in found:
                    found[key] = _result(record)
        return found

    def params(self) -> Mapping[str, Any]:
        """The parameters of the flow."""
        return plain(self._session.params)

    def parent(self) -> dict[str, Any] | None:
        """The parameters of the nearest list around."""
        around = self._scope.enclosing_list
        if around is None or around.config is None:
            return None
        return plain(seen_from(around.config, self._scope))


def _result(record: Success | Failure | Skip) -> object:
    match record:
        case Success(result):
            return result
        case Skip(reason):
            return Skipped(reason)
        case Failure(reason):
            return RuntimeError(reason)
