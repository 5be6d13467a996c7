"""A real Znuny carries out what its client has given up, and a note is there once."""

import asyncio
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from znuny_system import CUSTOMER, PASSWORD, USER, Znuny

from command import otac
from otac.components import (
    Named,
    NewTicket,
    Note,
    OTOBOZnunyTicketSystem,
    TicketChanges,
)

pytestmark = pytest.mark.znuny


class Proxy(ThreadingHTTPServer):
    """Hands on what it is asked, the first update only after a while, whoever waits."""

    daemon_threads = True

    def __init__(self, znuny: Znuny) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.znuny = znuny.url
        self.hold_seconds = 0.0
        self.updates = self.carried_out = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        path = urlsplit(self.znuny).path
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_update = self.path.endswith("ticket-update")
        self.server.updates += is_update
        if is_update and self.server.updates == 1:
            time.sleep(self.server.hold_seconds)
        host = self.server.znuny.removesuffix(urlsplit(self.server.znuny).path)
        head = {"Content-Type": "application/json"}
        answer = httpx.post(host + self.path, content=body, headers=head, timeout=300)
        self.server.carried_out += is_update
        with suppress(OSError):
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxy(znuny: Znuny) -> Iterator[Proxy]:
    with Proxy(znuny) as proxy:
        yield proxy
        proxy.shutdown()


@pytest.fixture
def ticket(helpdesk: OTOBOZnunyTicketSystem) -> str:
    new = NewTicket(subject="late", queue=Named(name="HR"), customer=CUSTOMER)
    return asyncio.run(helpdesk.create(new)).id


def notes(helpdesk: OTOBOZnunyTicketSystem, ticket: str) -> list[str]:
    return [note.body for note in asyncio.run(helpdesk.get(ticket)).notes]


CONFIG = """\
services:
  helpdesk:
    use: OTOBOZnunyTicketSystem
    base_url: "{{ get_env('ZNUNY_URL') }}"
    password: "{{ get_env('ZNUNY_PASSWORD') }}"
    timeout_seconds: %s
orchestrator:
  defaults: {retries: 3, retry_delay_seconds: 1}
  runners:
    - pipe_id: note
      pipe: {use: AddNote, ticket_id: "%s", note: seen%s}
"""


@pytest.mark.parametrize(
    ("hold", "timeout", "policy"),
    [
        # What is usual, and a proxy that is slower than that.
        (65, 30, ""),
        (10, 2, ""),
        # The step is cut off while it waits, and begins again.
        (12, 30, ", timeout_seconds: 5"),
    ],
)
def test_an_update_that_a_proxy_holds(
    hold: float,
    timeout: float,
    policy: str,
    proxy: Proxy,
    helpdesk: OTOBOZnunyTicketSystem,
    ticket: str,
    tmp_path: Path,
) -> None:
    proxy.hold_seconds = hold
    text = CONFIG % (f"{timeout}", ticket, policy)
    (tmp_path / "config.yml").write_text(text, encoding="utf-8")
    login = {"ZNUNY_URL": proxy.url, "ZNUNY_PASSWORD": PASSWORD, "ZNUNY_USER": USER}
    ran = otac("run", "config.yml", "note", cwd=tmp_path, timeout=500, **login)
    assert ran.status == 0, ran.err
    assert "an update was not answered, and may still be carried out" in ran.err
    assert (proxy.updates, proxy.carried_out) == (1, 1)
    assert notes(helpdesk, ticket) == ["seen"]


def test_a_locked_row(
    znuny: Znuny,
    connect: Callable[..., OTOBOZnunyTicketSystem],
    helpdesk: OTOBOZnunyTicketSystem,
    ticket: str,
) -> None:
    """Something else in the database holds the ticket for ten seconds."""
    if znuny.root is None:
        pytest.skip("the database of this Znuny cannot be reached: set OTAC_ZNUNY_ROOT")
    lock = (
        "START TRANSACTION; SELECT id FROM ticket WHERE id ="
        f" {ticket} FOR UPDATE; SELECT SLEEP(10); COMMIT;"
    )
    command = ["chroot", str(znuny.root), "mariadb", "otrs2", "-e", lock]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as locked:
        time.sleep(1)
        system = connect(timeout_seconds=2)

        async def update() -> bool:
            high = TicketChanges(priority=Named(name="4 high"))
            done = await system.update(ticket, high, Note(body="why"), key="k")
            await system.aclose()
            return done

        assert asyncio.run(update())
        assert locked.wait(60) == 0
    # Long enough for a second one to be seen.
    time.sleep(3)
    assert notes(helpdesk, ticket) == ["why"]
