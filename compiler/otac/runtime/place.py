"""The one place in which the windows of a deployment tick, one at a time.

A variable of Prefect's holds it. Prefect's own limits would do that too, but a limit of
one keeps the next window from starting up while this one still ticks, and one whose
holder was killed stays taken for minutes, or for ever if the server was restarted
meanwhile.
"""

import logging
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun, Variable

_LOOK_SECONDS = 0.5
# Each leaves an event in Prefect's database, which keeps those for a week.
_BEAT_SECONDS = 10.0
# A holder that has not beaten for so long is gone. It must have stopped to tick before.
_LEASE_SECONDS = 45.0
_SURE_SECONDS = 30.0
_HOLDER_SECONDS = 2.0
_LEAVING_SECONDS = 3.0
_CLEAN_SECONDS = 60.0

_log = logging.getLogger("otac.runtime")


class Lease:
    """A lease on a variable, kept by a thread of its own.

    The thread goes on while a step blocks the event loop, and leaves also where that is
    being torn down. `held` is set once it is ours; `lost` if another run took it. Until
    then `holder` is the flow run that has it, and `needless` is set if a later window
    waits for it, too: of many that were late, one is enough.
    """

    def __init__(
        self, deployment: UUID, run: UUID, title: str, start: datetime | None = None
    ) -> None:
        """`start` is when the run was to start: those that wait are later ones."""
        self._name = f"otac-window-{deployment}"
        self._deployment = deployment
        self._run = run
        self._title = title
        # Prefect has a type of its own for it.
        self._start: Any = start or datetime.now(UTC)
        self._id: UUID | None = None
        self._beat = 0
        self._beaten = 0.0
        self._seen: tuple[object, float] = (None, 0.0)
        self._lives = False
        self._asked = 0.0
        self._taken = 0.0
        self._is_clean = False
        self._is_ending = False
        self._wanted = False
        self._stop = Event()
        self._thread = Thread(target=self._work, name=self._name, daemon=True)
        self.held = False
        self.lost = False
        self.needless = False
        self.holder: str | None = None

    def enter(self) -> None:
        """Begin to wait for it."""
        self._thread.start()

    def leave(self) -> None:
        """Give it up; returns when the next window can have it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_LEAVING_SECONDS)

    def is_sure(self) -> bool:
        """Whether no other window can have taken it meanwhile."""
        return monotonic() - self._beaten < _SURE_SECONDS

    def is_wanted(self) -> bool:
        """Whether a later run waits for it. Asks for that from the first call on."""
        self._is_ending = True
        return self._wanted

    def _work(self) -> None:
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            while not (self._stop.is_set() or self.lost or self.needless):
                try:
                    self._step(client)
                except Exception as error:  # noqa: BLE001  the API may come back
                    _log.debug("place %s: %s", self._name, type(error).__name__)
                self._stop.wait(_LOOK_SECONDS)
            if self.held and not self.lost:
                try:
                    self._request(client, "DELETE")
                except Exception as error:  # noqa: BLE001  it runs out by itself
                    _log.debug("place %s: %s", self._name, type(error).__name__)

    def _step(self, client: "SyncPrefectClient") -> None:
        now = monotonic()
        if not self.held:
            self._try(client, now)
            return
        if now - self._beaten >= _BEAT_SECONDS:
            self._beat += 1
            if self._request(client, "PATCH", {"value": self._value()}):
                self._beaten = now
            else:
                self.lost = True
        if self._is_ending and not self._wanted:
            self._wanted = bool(self._runs(client, later=True))
        if self._is_clean or now - self._taken < _CLEAN_SECONDS:
            return
        self._is_clean = True
        # Whoever waits ends when a later one does, so these are not there any more.
        for run in self._runs(client, later=False):
            self._bury(client, str(run.id))

    def _try(self, client: "SyncPrefectClient", now: float) -> None:
        from prefect.client.schemas.actions import VariableCreate
        from prefect.exceptions import ObjectAlreadyExists

        # Read first: an attempt to write is one, too, and there are databases that take
        # one at a time.
        found = client.read_variable_by_name(self._name)
        if found is None:
            tags = ["otac", self._title]
            made = VariableCreate(name=self._name, value=self._value(), tags=tags)
            try:
                self._take(client.create_variable(made), now)
            except ObjectAlreadyExists:
                # Another one was faster.
                return
            return
        holder = found.value.get("flow_run") if isinstance(found.value, dict) else None
        if holder == str(self._run):
            # Our own request was answered, and the answer was lost.
            self._take(found, now)
            return
        self.holder = str(holder)
        if self._is_gone(client, found, now):
            # By its id: of several that wait, one deletes what they all saw.
            self._id = found.id
            if self._request(client, "DELETE"):
                self._bury(client, self.holder)
            self._id = None

    def _take(self, variable: "Variable", now: float) -> None:
        self._id = variable.id
        self._beaten = self._taken = now
        self.held = True

    def _is_gone(
        self, client: "SyncPrefectClient", found: "Variable", now: float
    ) -> bool:
        """Whether the holder's run is over, or has not beaten for a whole lease.

        Nobody compares clocks: what counts is how long we have seen no change.
        """
        mark = (found.id, str(found.value))
        if self._seen[0] != mark:
            self._lives = self._seen[0] is not None
            self._seen = (mark, now)
        if now - self._seen[1] >= _LEASE_SECONDS:
            return True
        if now - self._asked < _HOLDER_SECONDS:
            return False
        self._asked = now
        if self._lives and now - self._seen[1] < 2 * _BEAT_SECONDS:
            # If it is dead, whoever has waited longest is the one who knows first.
            later = self._runs(client, later=True)
            self.needless = any(str(one.id) != self.holder for one in later)
        run = _read(client, self.holder)
        return run is None or run.state is None or run.state.is_final()

    def _bury(self, client: "SyncPrefectClient", holder: str) -> None:
        """Whoever was killed could not say so: its runs are not running any more."""
        from prefect.client.schemas.filters import (
            FlowRunFilter,
            FlowRunFilterParentFlowRunId,
        )
        from prefect.states import Crashed

        run = _read(client, holder)
        if run is None:
            return
        family = FlowRunFilterParentFlowRunId(any_=[run.id])
        ticks = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(parent_flow_run_id=family), limit=5
        )
        for dead in (*ticks, run):
            if dead.state is None or not dead.state.is_final():
                message = "Its process is gone; a later window has taken over."
                client.set_flow_run_state(dead.id, Crashed(message=message))

    def _runs(self, client: "SyncPrefectClient", *, later: bool) -> "list[FlowRun]":
        """Those of the deployment that run and were to start later, or earlier."""
        from prefect.client.schemas.filters import (
            FlowRunFilter,
            FlowRunFilterDeploymentId,
            FlowRunFilterExpectedStartTime,
            FlowRunFilterId,
            FlowRunFilterState,
            FlowRunFilterStateType,
        )
        from prefect.client.schemas.objects import StateType

        running = FlowRunFilterStateType(any_=[StateType.RUNNING])
        start = FlowRunFilterExpectedStartTime(
            after_=self._start if later else None,
            before_=None if later else self._start,
        )
        return client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=[self._deployment]),
                state=FlowRunFilterState(type=running),
                expected_start_time=start,
                id=FlowRunFilterId(not_any_=[self._run]),
            )
        )

    def _value(self) -> dict[str, Any]:
        return {"flow_run": str(self._run), "beat": self._beat}

    def _request(
        self, client: "SyncPrefectClient", method: Any, json: Any = None
    ) -> bool:
        """Changes the variable by its id; false if there is none."""
        from prefect.exceptions import PrefectHTTPStatusError

        try:
            client.request(
                method, "/variables/{id}", path_params={"id": self._id}, json=json
            )
        except PrefectHTTPStatusError as error:
            if error.response.status_code != 404:
                raise
            return False
        return True


def _read(client: "SyncPrefectClient", run: str | None) -> Any:
    from prefect.exceptions import ObjectNotFound

    try:
        return client.read_flow_run(UUID(run))
    except (ObjectNotFound, ValueError, TypeError):
        return None
