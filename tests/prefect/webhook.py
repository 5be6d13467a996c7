"""Somebody who is told: an HTTP server that keeps what it gets."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Webhook:
    """Listens on a free port of this machine until it is closed."""

    def __init__(self) -> None:
        self._got: list[tuple[str, dict[str, Any]]] = []
        got = self._got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                got.append((self.path, json.loads(self.rfile.read(length))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def got(self, path: str) -> list[dict[str, Any]]:
        """What came to a path so far."""
        return [body for where, body in self._got if where == path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
