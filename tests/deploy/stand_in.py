"""A server that answers what a test wants, since a real one goes wrong when it likes to."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[str, str, Any], tuple[int, Any] | None]
"""Takes the method, the path and the body; None for the answer of an empty server."""


class StandIn:
    """An empty Prefect server of this version, but for what `answer` has to say."""

    def __init__(self, answer: Answer | None = None, version: str = "3.9.1") -> None:
        self.requests: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                path = self.path.removeprefix("/api")
                stand_in.requests.append((self.command, path))
                stand_in.headers.append(dict(self.headers))
                said = answer(self.command, path, body) if answer else None
                status, content = said or stand_in._empty(path, version)
                raw = (
                    content
                    if isinstance(content, bytes)
                    else json.dumps(content).encode()
                )
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/api"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def writes(self) -> list[tuple[str, str]]:
        """The requests that would have changed something."""
        return [
            (method, path)
            for method, path in self.requests
            if method != "GET" and not path.endswith("/filter")
        ]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @staticmethod
    def _empty(path: str, version: str) -> tuple[int, Any]:
        if path == "/admin/version":
            return 200, version
        if path == "/work_pools/filter":
            return 200, [{"name": "default", "base_job_template": {}}]
        if path.endswith("/filter") or path.startswith("/automations/related-to/"):
            return 200, []
        if path in ("/flows/", "/deployments/", "/automations/", "/work_pools/"):
            return 201, {"id": "00000000-0000-0000-0000-000000000001"}
        return 404, {"detail": "Not Found"}


def slowly(seconds: float) -> Answer:
    """Every answer takes its time."""

    def answer(method: str, path: str, body: Any) -> None:
        time.sleep(seconds)

    return answer


Serve = Callable[..., StandIn]
"""Starts one that ends with the test; takes its arguments."""
