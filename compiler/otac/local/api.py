"""Prefect's REST API, as far as a local server is asked: without importing Prefect."""

import json
import time
from collections.abc import Sequence
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

_TIMEOUT_SECONDS = 20.0
_ATTEMPTS = 10
_BUSY_SECONDS = 1.0
# Who looks again in a second need not wait for an answer.
_LOOK_SECONDS = 5.0
_PAGE = 200
# Of one answer, and of one list: more is a fault of what answers.
_MOST_BYTES = 64 * 1024 * 1024
_MOST_THINGS = 100_000
_PORTION = 64 * 1024


class _NoRedirects(HTTPRedirectHandler):
    """The server stands at its address, and sends nobody elsewhere."""

    def redirect_request(
        self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: Any
    ) -> None:
        """Refuses; what is asked for stays with this machine."""


class ApiError(Exception):
    """The server did not answer, or refused; the message says what."""


class Api:
    """The API at a URL such as `http://127.0.0.1:4200/api`."""

    def __init__(self, url: str) -> None:
        self.url = url
        # No proxy of the user's stands between this machine and itself.
        self._opener = build_opener(ProxyHandler({}), _NoRedirects)

    def healthy(self) -> bool:
        """Whether the server answers and is done with starting."""
        try:
            return self._send("GET", "/health", None, timeout=2.0) is True
        except ApiError:
            return False

    def ensure_work_pool(self, name: str) -> None:
        """Make a work pool of type `process` unless there is one of this name.

        Its job template is filled in by the first worker that polls it.
        """
        try:
            self._send("POST", "/work_pools/", {"name": name, "type": "process"})
        except ApiError as problem:
            if not isinstance(problem.__cause__, HTTPError):
                raise
            if problem.__cause__.code != 409:
                raise

    def list_runs(self, after: str) -> list[dict[str, Any]]:
        """The flow runs that go on, and those that ended after an ISO 8601 instant."""
        going = {"type": {"any_": ["PENDING", "RUNNING", "PAUSED", "CANCELLING"]}}
        either = {"operator": "or_", "state": going, "end_time": {"after_": after}}
        return self._every("/flow_runs/filter", {"flow_runs": either})

    def next_runs(self, flows: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The scheduled run that is due first, by the id of its flow."""
        found: dict[str, dict[str, Any]] = {}
        for at in range(0, len(flows), _PAGE):
            body = {"flow_ids": list(flows[at : at + _PAGE])}
            page = self._look("/ui/flows/next-runs", body)
            found |= {flow: run for flow, run in page.items() if run is not None}
        return found

    def list_flows(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The flows with these ids."""
        return self._every("/flows/filter", {"flows": {"id": {"any_": list(ids)}}})

    def list_artifacts(self, runs: Sequence[str]) -> list[dict[str, Any]]:
        """The artifacts of these flow runs."""
        wanted = {"artifacts": {"flow_run_id": {"any_": list(runs)}}}
        return self._every("/artifacts/filter", wanted)

    def crashed(self, flow_run: str, message: str) -> None:
        """Say that the process of a run is gone."""
        state = {"type": "CRASHED", "name": "Crashed", "message": message}
        self._send("POST", f"/flow_runs/{flow_run}/set_state", {"state": state})

    def _every(self, path: str, filters: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < _MOST_THINGS:
            window = {"offset": len(found), "limit": _PAGE}
            page = self._look(path, {**filters, **window})
            if not isinstance(page, list):
                raise ApiError(f"POST {path}: the answer is not a list")
            found += page
            if len(page) < _PAGE:
                return found
        raise ApiError(f"POST {path}: there are more than {_MOST_THINGS:,} of them")

    def _look(self, path: str, body: object) -> Any:
        return self._send("POST", path, body, timeout=_LOOK_SECONDS, attempts=1)

    def _send(
        self,
        method: str,
        path: str,
        body: object,
        *,
        timeout: float = _TIMEOUT_SECONDS,
        attempts: int = _ATTEMPTS,
    ) -> Any:
        request = Request(
            self.url + path,
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        for attempt in range(1, attempts + 1):
            try:
                with self._opener.open(request, timeout=timeout) as response:
                    content = _read(response, time.monotonic() + timeout)
                    return json.loads(content) if content else None
            except HTTPError as problem:
                # SQLite lets one write at a time; Prefect's client waits, too.
                if problem.code != 503 or attempt == attempts:
                    text = problem.read(500).decode(errors="replace")
                    raise ApiError(
                        f"{method} {path}: HTTP {problem.code}: {text}"
                    ) from problem
            except (OSError, HTTPException, ValueError, RecursionError) as problem:
                raise ApiError(f"{method} {path}: {problem}") from problem
            time.sleep(_BUSY_SECONDS)
        raise AssertionError("the last attempt returns or raises")


def _read(response: HTTPResponse, ends: float) -> bytes:
    """All of an answer, however slowly it comes. Raises TimeoutError and ValueError."""
    content = bytearray()
    # What has come, not what was asked for: that would wait for each portion to fill.
    while portion := response.read1(_PORTION):
        content += portion
        if len(content) > _MOST_BYTES:
            raise ValueError(f"the answer is larger than {_MOST_BYTES // 2**20} MB")
        if time.monotonic() > ends:
            raise TimeoutError("the answer is not complete in time")
    return bytes(content)
