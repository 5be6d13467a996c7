"""What `otac run` and `otac dev` ask the server of this machine."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from otac.deploy.api import Api, ApiError, understood
from otac.deploy.settings import Settings
from otac.deploy.status import next_runs

_CONFLICT = 409


class LocalApi:
    """The API at a URL such as `http://127.0.0.1:4200/api`; no proxy of the user's is asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        settings = Settings(url, {}, verify=False, timeout_seconds=20.0, proxies=False)
        self._api = Api(settings)
        # Who looks again in a second need not wait for an answer.
        self._looking = Api(replace(settings, timeout_seconds=5.0), attempts=1)

    def healthy(self) -> bool:
        """Whether the server answers and is done with starting."""
        try:
            return self._looking.get("/health") is True
        except ApiError:
            return False

    def ensure_work_pool(self, name: str) -> None:
        """Make a work pool of type `process` unless there is one of this name.

        Its job template is filled in by the first worker that polls it.
        """
        try:
            self._api.post("/work_pools/", {"name": name, "type": "process"})
        except ApiError as problem:
            if problem.status != _CONFLICT:
                raise

    def list_runs(self, after: str) -> list[dict[str, Any]]:
        """The flow runs that go on, and those that ended after an ISO 8601 instant."""
        going = {"type": {"any_": ["PENDING", "RUNNING", "PAUSED", "CANCELLING"]}}
        either = {"operator": "or_", "state": going, "end_time": {"after_": after}}
        return self._every("flow_runs", {"flow_runs": either})

    def next_runs(self, flows: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The scheduled run that is due first, by the id of its flow."""
        with understood():
            return next_runs(self._looking, flows)

    def list_flows(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The flows with these ids."""
        return self._every("flows", {"flows": {"id": {"any_": list(ids)}}})

    def list_artifacts(self, runs: Sequence[str]) -> list[dict[str, Any]]:
        """The artifacts of these flow runs."""
        wanted = {"artifacts": {"flow_run_id": {"any_": list(runs)}}}
        return self._every("artifacts", wanted)

    def crashed(self, flow_run: str, message: str) -> None:
        """Say that the process of a run is gone."""
        state = {"type": "CRASHED", "name": "Crashed", "message": message}
        self._api.post(f"/flow_runs/{flow_run}/set_state", {"state": state})

    def _every(self, kind: str, filters: dict[str, Any]) -> list[dict[str, Any]]:
        return list(self._looking.every(kind, filters, key="id"))
