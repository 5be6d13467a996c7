"""Prefect's REST API, as far as a local server is asked: without importing Prefect."""

import json
import time
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

_TIMEOUT_SECONDS = 20.0
_ATTEMPTS = 10
_BUSY_SECONDS = 1.0


class ApiError(Exception):
    """The server did not answer, or refused; the message says what."""


class Api:
    """The API at a URL such as `http://127.0.0.1:4200/api`."""

    def __init__(self, url: str) -> None:
        self.url = url
        # No proxy of the user's stands between this machine and itself.
        self._opener = build_opener(ProxyHandler({}))

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

    def list_deployments(self) -> list[dict[str, Any]]:
        """Every deployment on the server, as the API describes it."""
        found: list[dict[str, Any]] = []
        while True:
            page = self._send(
                "POST", "/deployments/filter", {"offset": len(found), "limit": 200}
            )
            found += page
            if len(page) < 200:
                return found

    def delete(self, path: str) -> None:
        """Delete one thing, e.g. `/deployments/ID`."""
        self._send("DELETE", path, None)

    def list_ended_runs(self, after: str) -> list[dict[str, Any]]:
        """The flow runs that ended after an ISO 8601 instant, the oldest first."""
        ended = {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}}
        runs: list[dict[str, Any]] = self._send(
            "POST",
            "/flow_runs/filter",
            {"flow_runs": {"state": ended, "end_time": {"after_": after}}},
        )
        return sorted(runs, key=lambda run: str(run["end_time"]))

    def _send(
        self,
        method: str,
        path: str,
        body: object,
        *,
        timeout: float = _TIMEOUT_SECONDS,
    ) -> Any:
        request = Request(
            self.url + path,
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._opener.open(request, timeout=timeout) as response:
                    content = response.read()
                    return json.loads(content) if content else None
            except HTTPError as problem:
                # SQLite lets one write at a time; Prefect's client waits, too.
                if problem.code != 503 or attempt == _ATTEMPTS:
                    text = problem.read(500).decode(errors="replace")
                    raise ApiError(
                        f"{method} {path}: HTTP {problem.code}: {text}"
                    ) from problem
            except (OSError, HTTPException) as problem:
                raise ApiError(f"{method} {path}: {problem}") from problem
            time.sleep(_BUSY_SECONDS)
        raise AssertionError("the last attempt returns or raises")
