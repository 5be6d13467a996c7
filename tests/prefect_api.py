"""A Prefect server, as its REST API shows it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener
from uuid import uuid4

from background import until

# Servers of tests are on this machine.
_OPENER = build_opener(ProxyHandler({}))
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class Api:
    """Asks a server, and asks again where it was busy."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Any:
        return self._ask("GET", path)

    def post(self, path: str, **body: Any) -> Any:
        return self._ask("POST", path, body)

    def put(self, path: str, **body: Any) -> Any:
        return self._ask("PUT", path, body)

    def patch(self, path: str, **body: Any) -> Any:
        return self._ask("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self._ask("DELETE", path)

    def deployment(self, name: str) -> dict[str, Any]:
        """A deployment, whose flow has the same name."""
        found: dict[str, Any] = self.get(f"deployments/name/{name}/{name}")
        return found

    def run_now(self, name: str, **parameters: object) -> str:
        """Asks for a run and returns its id.

        By a key: a busy server may do what it has not answered in time, and asking again
        would be asking for another run, with hooks of its own.
        """
        deployment = self.deployment(name)["id"]
        run = self.post(
            f"deployments/{deployment}/create_flow_run",
            idempotency_key=uuid4().hex,
            state={"type": "SCHEDULED"},
            parameters=parameters,
        )
        return str(run["id"])

    def flow_runs(self, name: str) -> list[dict[str, Any]]:
        """The runs of a deployment, the earliest first."""
        found: list[dict[str, Any]] = self.post(
            "flow_runs/filter",
            deployments={"name": {"any_": [name]}},
            sort="EXPECTED_START_TIME_ASC",
        )
        return found

    def ended(self, run: str) -> dict[str, Any]:
        """A flow run, as soon as it is over.

        Prefect 3.4.20 may call a run Crashed that has Completed in the instant in which it
        asked for its place under a `concurrency_limit` (its issue 18942).
        """

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] = self.get(f"flow_runs/{run}")
            if found["state_type"] == "CRASHED":
                for one in self.get(f"flow_run_states/?flow_run_id={run}"):
                    if one["type"] == "COMPLETED":
                        name = {"state_type": one["type"], "state_name": one["name"]}
                        return found | name | {"state": one}
            return found if found["state_type"] in FINAL else None

        return until(f"the end of flow run {run}", look)

    def task_runs(self, run: str, count: int) -> dict[str, dict[str, Any]]:
        """The task runs of a flow run that is over, by name; recorded a little later."""

        def look() -> dict[str, dict[str, Any]] | None:
            found = self.post("task_runs/filter", flow_runs={"id": {"any_": [run]}})
            assert len(found) <= count
            over = [one for one in found if one["state_type"] in FINAL]
            return {one["name"]: one for one in over} if len(over) == count else None

        return until(f"{count} task runs of {run}", look)

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        data = None if body is None else json.dumps(body).encode()
        head = {"Content-Type": "application/json"}
        request = Request(f"{self.url}/{path}", data, head, method=method)

        def answer() -> tuple[Any] | None:
            try:
                with _OPENER.open(request, timeout=60) as response:
                    text = response.read()
            except HTTPError as error:
                # SQLite lets one write at a time, and the server says so.
                if error.code == 503:
                    return None
                raise
            except TimeoutError:
                return None
            return (json.loads(text) if text else None,)

        return until(path, answer)[0]
