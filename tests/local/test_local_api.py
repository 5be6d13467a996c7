"""What `otac run` and `otac dev` ask is answered by this machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from otac.deploy.api import ApiError
from otac.local.api import LocalApi
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


@pytest.mark.parametrize("content", [b"<html>", b"{}", b"3", b"[" * 100_000])
def test_another_answer_than_prefects_is_said(content: bytes) -> None:
    with (
        answering(lambda handler: send(handler, content)) as url,
        pytest.raises(ApiError, match="POST /flows/filter"),
    ):
        LocalApi(url).list_flows(["a"])


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

        with (
            answering(redirect) as url,
            pytest.raises(ApiError, match="redirects to another place"),
        ):
            LocalApi(url).list_flows(["a"])
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
