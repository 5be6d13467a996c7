"""What `otac run` and `otac dev` ask is answered by this machine, and in time."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from otac.local import api as module
from otac.local.api import Api, ApiError
from otac.local.home import Home


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server that answers everything in one way; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                answer(self)
            except OSError:
                # Who asked has gone.
                self.close_connection = True

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def test_an_answer_that_drips_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.5)
    with answering(drip) as url, pytest.raises(ApiError, match="not complete in time"):
        Api(url).list_flows(["a"])


def test_an_answer_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 1000)
    large = json.dumps(["x" * 2000]).encode()
    with (
        answering(lambda handler: send(handler, large)) as url,
        pytest.raises(ApiError, match="is larger than"),
    ):
        Api(url).list_flows(["a"])


def test_pages_without_end_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_THINGS", 1000)
    page = json.dumps([{"id": "x"}] * 200).encode()
    with (
        answering(lambda handler: send(handler, page)) as url,
        pytest.raises(ApiError, match="more than 1,000"),
    ):
        Api(url).list_flows(["a"])


@pytest.mark.parametrize("content", [b"<html>", b"{}", b"3", b"[" * 100_000])
def test_another_answer_than_prefects_is_said(content: bytes) -> None:
    with (
        answering(lambda handler: send(handler, content)) as url,
        pytest.raises(ApiError, match="POST /flows/filter"),
    ):
        Api(url).list_flows(["a"])


def test_nothing_is_sent_on_to_another_place() -> None:
    asked = list[str]()

    def elsewhere(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        send(handler, b"[]")

    with answering(elsewhere) as target:

        def redirect(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", target)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        with answering(redirect) as url, pytest.raises(ApiError, match="HTTP 302"):
            Api(url).list_flows(["a"])
    assert asked == []


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        ("http://127.0.0.1:4200", True),
        *(
            (url, False)
            for url in ("http://helpdesk.example:4200", "file:///etc/hosts")
        ),
        ("http://127.0.0.1:4200@helpdesk.example", False),
    ],
)
def test_only_a_server_of_this_machine_is_announced(
    url: str, counts: bool, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.announce(url)
    assert home.announced() == (url if counts else None)
