import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from threading import Thread
from typing import Any

import pytest
from stand_ins import Composite, Inbox, Play

from otac.runtime import Run


@pytest.fixture
def play() -> Play:
    """Runs a list of steps as a flow would, without Prefect, and gives back the run."""

    def run(
        steps: Composite,
        params: Mapping[str, Any] | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> Run:
        async def flow() -> Run:
            async with Run("flow", params, config) as run:
                await steps(run)
            return run

        return asyncio.run(flow())

    return run


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the run has logged so far: "INFO step `a` skipped: ..."."""
    caplog.set_level(logging.INFO, "otac.runtime")
    return lambda: [
        f"{r.levelname} {r.getMessage()}"
        for r in caplog.records
        if r.name == "otac.runtime"
    ]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """An HTTP server that keeps what is posted to it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.received.append(json.loads(body))
            self.send_response(server.status)
            if server.elsewhere is not None:
                self.send_header("Location", server.elsewhere)
            self.end_headers()

        def do_GET(self) -> None:
            server.received.append("a page was asked for")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = Inbox(("127.0.0.1", 0), Handler)
    server.received = []
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
