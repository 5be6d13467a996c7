"""A real HTTP server that answers as a helpdesk does on a bad day."""

import json
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

AGENT = "agent"
PASSWORD = "pa55word-4713-of-an-agent"
NAME = "OpenTicketAI"
BASE = "/otobo/nph-genericinterface.pl"

Answer = Callable[["Handler"], None]


def say(
    data: object, status: int = 200, kind: str = "application/json", **headers: str
) -> Answer:
    """An answer; what is no text becomes JSON."""
    text = data if isinstance(data, str) else json.dumps(data)

    def answer(handler: "Handler") -> None:
        body = text.encode()
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def error(code: str, text: str) -> Answer:
    """How the Generic Interface refuses: with status 200."""
    operation = code.split(".")[0]
    message = f"{operation}: {text}"
    return say({"Error": {"ErrorCode": code, "ErrorMessage": message}})


def reset(handler: "Handler") -> None:
    """Closes the connection as if the process had been killed."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


def cut_off(handler: "Handler") -> None:
    """Begins an answer, and is gone."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"TicketID": [')
    handler.wfile.flush()
    reset(handler)


def drip(handler: "Handler") -> None:
    """An answer a byte at a time, with no end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while True:
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            handler.close_connection = True
            return
        time.sleep(0.2)


def slow(seconds: float, then: Answer) -> Answer:
    def answer(handler: "Handler") -> None:
        time.sleep(seconds)
        then(handler)

    return answer


def ticket(number: int, *articles: dict[str, Any], **fields: object) -> dict[str, Any]:
    """A ticket as `TicketGet` writes it."""
    return {
        "TicketID": number,
        "Title": f"Ticket {number}",
        "QueueID": 5,
        "Queue": "Incoming",
        "PriorityID": 3,
        "Priority": "3 normal",
        "StateID": 1,
        "State": "new",
        "CustomerUserID": "c1",
        "Created": "2026-01-02 03:04:05",
        "Article": list(articles) or [article("Please help.", SenderType="customer")],
        **fields,
    }


def article(body: str, **fields: object) -> dict[str, Any]:
    """An article as `TicketGet` writes it."""
    return {
        "Subject": "s",
        "Body": body,
        "SenderType": "agent",
        "IsVisibleForCustomer": 0,
        **fields,
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "ScriptedHelpdesk"  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_POST(self) -> None:
        self.server.count_connection(self.client_address[1])
        length = int(self.headers.get("Content-Length", "0"))
        data = json.loads(self.rfile.read(length))
        operation = self.path.rpartition("/")[2].removeprefix("ticket-")
        self.server.next(operation, self.path, data)(self)

    def log_message(self, format: str, *_: object) -> None:
        pass


class ScriptedHelpdesk(ThreadingHTTPServer):
    """Answers each operation with what its script says; the last answer stays."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: dict[str, list[Answer]] = defaultdict(list)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.paths: list[str] = []
        self.connections: set[int] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{BASE}"

    def on(self, operation: str, *answers: Answer) -> None:
        self.script[operation] = list(answers)

    def next(self, operation: str, path: str, data: dict[str, Any]) -> Answer:
        with self._lock:
            self.paths.append(path)
            self.asked.append((operation, data))
            answers = self.script[operation]
            if not answers:
                return say(
                    "HTTP::REST Error while determine Operation for request URI"
                    f" '/{operation}'.",
                    500,
                    "text/plain",
                )
            return answers.pop(0) if len(answers) > 1 else answers[0]

    def count_connection(self, port: int) -> None:
        with self._lock:
            self.connections.add(port)

    def operations(self) -> list[str]:
        return [operation for operation, _ in self.asked]
