"""A server with the interface of OpenAI that answers as a test wants it to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Takes the request's JSON and how many came before: status and body (or seconds to wait).
Script = Callable[[dict[str, Any], int], tuple[int, Any]]


def reply(text: str | None, **more: Any) -> dict[str, Any]:
    """A completion as the interface has it."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message, **more}
    usage = {"prompt_tokens": 60, "completion_tokens": 4, "total_tokens": 64}
    whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "m"}
    return {**whole, "choices": [choice], "usage": usage}


def code_of(request: dict[str, Any], label: str) -> str:
    """The code of a label, found as a model finds it."""
    asked = json.loads(request["messages"][1]["content"])
    return next(c for c, text in asked["classes"].items() if text.startswith(label))


@contextmanager
def scripted(script: Script) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The base URL, and all requests as they come."""
    requests: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            request = json.loads(self.rfile.read(length))
            requests.append(request)
            status, body = script(request, len(requests) - 1)
            if isinstance(body, int | float):
                time.sleep(body)
                body = reply("late")
            is_text = isinstance(body, str)
            data = (body if is_text else json.dumps(body)).encode()
            self.send_response(status)
            kind = "text/html" if is_text else "application/json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", requests
    finally:
        server.shutdown()
        server.server_close()
