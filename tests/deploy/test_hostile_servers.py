"""Servers that answer what no Prefect does, for ever, or from somewhere else."""

import itertools
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from stand_in import StandIn

from otac.deploy.api import Api, ApiError, understood
from otac.deploy.settings import Settings


def api(url: str, seconds: float = 5.0, **headers: str) -> Api:
    return Api(Settings(url, headers, timeout_seconds=seconds, proxies=False))


@contextmanager
def raw_server(*answers: Iterator[bytes]) -> Iterator[str]:
    """Sends each connection the pieces of one answer, one every 50 ms."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        for pieces in answers:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                for piece in pieces:
                    if over.wait(0.05):
                        return
                    try:
                        connection.sendall(piece)
                    except OSError:
                        break

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/api"
    finally:
        over.set()
        server.close()


def test_an_answer_that_drips_ends_in_time() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    drips = (itertools.chain([head], itertools.repeat(b" ")) for _ in range(3))
    with raw_server(*drips) as url, api(url, 1.0) as one:
        begun = time.monotonic()
        with pytest.raises(ApiError, match="no answer in time"):
            one.post("/flows/", {}, again=False)
        assert time.monotonic() - begun < 20


def test_headers_that_drip_end_in_time() -> None:
    drips = itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X-A: b\r\n"))
    with (
        raw_server(drips) as url,
        api(url, 1.0) as one,
        pytest.raises(ApiError, match="no answer in time"),
    ):
        one.post("/flows/", {}, again=False)


def test_an_answer_without_end_is_given_up() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    flood = itertools.chain([head], itertools.repeat(b"x" * 30_000_000))
    with (
        raw_server(flood) as url,
        api(url, 60.0) as one,
        pytest.raises(ApiError, match="larger than 64 MB"),
    ):
        one.get("/health")


def test_pages_without_end_are_given_up() -> None:
    def endless(method: str, path: str, body: Any) -> tuple[int, Any]:
        return 200, [{"id": str(n), "name": "x"} for n in range(body["limit"])]

    server = StandIn(endless)
    with api(server.url) as one, pytest.raises(ApiError, match="more than 100,000"):
        list(one.every("flows", {}))
    server.close()


@pytest.mark.parametrize(
    "page", [{}, None, 5, "x", [1], [None], [[]], [{}], [{"name": 1}], {"a": []}]
)
def test_a_page_of_another_shape_is_refused(page: Any) -> None:
    server = StandIn(lambda *_: (200, page))
    with api(server.url) as one, pytest.raises(ApiError, match="not what Prefect's"):
        list(one.every("flows", {}))
    server.close()


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_what_is_no_json_is_no_prefect(content: bytes) -> None:
    server = StandIn(lambda *_: (200, content))
    with api(server.url) as one, pytest.raises(ApiError, match="no JSON"):
        one.get("/health")
    server.close()


def test_headers_and_bodies_do_not_follow_to_another_place() -> None:
    other = StandIn(lambda *_: (200, []))

    head = (
        f"HTTP/1.1 307 Away\r\nLocation: http://u:pw@{other.url[7:]}/x\r\n"
        "Content-Length: 0\r\n\r\n"
    )
    with (
        raw_server(iter([head.encode()])) as url,
        api(url, Authorization="Bearer k", **{"X-Key": "k"}) as one,
        pytest.raises(ApiError, match="redirects to another place") as refused,
    ):
        one.post("/flows/", {"secret": 1})
    assert other.requests == []
    assert "pw" not in str(refused.value)
    other.close()


def test_a_redirect_within_the_server_is_followed() -> None:
    on = b"HTTP/1.1 307 On\r\nLocation: /api/y\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    done = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue"
    with raw_server(iter([on]), iter([done])) as url, api(url) as one:
        assert one.post("/x", {"a": 1}) is True


def test_what_is_missing_in_an_answer_is_said_of_the_server() -> None:
    with (
        pytest.raises(
            ApiError, match=r"not what Prefect's API gives \(KeyError: 'id'\)"
        ),
        understood(),
    ):
        json.loads("{}")["id"]
