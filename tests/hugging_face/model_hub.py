"""A hub on this machine that has no model."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias

LABELS = ("Billing", "IT", "Facilities")
MakeModel: TypeAlias = Callable[..., Path]


class Hub:
    """Answers every request with one status and remembers the tokens it was shown."""

    def __init__(self) -> None:
        self.status = 404
        self.headers: dict[str, str] = {}
        self.authorizations: list[str | None] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.authorizations.append(self.headers.get("Authorization"))
                self.send_response(hub.status)
                for name, value in hub.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
