"""How long an editor waits for `otac lsp` on a configuration of 100 runners."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.large_configuration import large_configuration
from benchmarks.row import Row

_ROUNDS = 15
_LIMIT_SECONDS = 0.05
_OTAC = Path(sys.executable).parent / "otac"
_URI = "file:///editing/config.yml"
_QUESTIONS = ("completion", "hover", "definition", "codeAction", "prepareRename")


def editing() -> list[Row]:
    """The middle time of each kind of question; for completion, of a text just changed."""
    return [
        Row(
            f"`otac lsp`, 100 runners: {name}",
            seconds,
            _LIMIT_SECONDS,
            "the clock",
            " s",
        )
        for name, seconds in answer_times().items()
    ]


def answer_times() -> dict[str, float]:
    """Seconds until each kind of answer is there."""
    text = large_configuration(100)
    with subprocess.Popen(
        [_OTAC, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        session = _Session(process)
        session.ask("initialize", {"processId": None, "capabilities": {}})
        session.tell("initialized", {})
        session.open(text)
        session.findings()
        asked = "get_pipe_result('select')"
        at = text.rindex(asked) + len("get_pipe_result('sele")
        times = {name: session.middle(name, text, at) for name in _QUESTIONS}
        session.ask("shutdown", None)
        session.tell("exit", None)
        process.communicate()
    return times


class _Session:
    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._number = 0

    def open(self, text: str) -> None:
        item = {"uri": _URI, "languageId": "yaml", "version": 0, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})

    def findings(self) -> None:
        """Wait until the text is read: a question about it waits no longer."""
        self.ask("textDocument/documentSymbol", {"textDocument": {"uri": _URI}})
        time.sleep(2)

    def middle(self, name: str, text: str, at: int) -> float:
        times = []
        for number in range(_ROUNDS):
            if name == "completion":
                changed = f"{text[:at]}{'x' * (number % 3 + 1)}{text[at:]}"
                document = {"uri": _URI, "version": number + 1}
                self.tell(
                    "textDocument/didChange",
                    {"textDocument": document, "contentChanges": [{"text": changed}]},
                )
            line = text.count("\n", 0, at)
            place = {"line": line, "character": at - text.rfind("\n", 0, at) - 1}
            params: dict[str, Any] = {
                "textDocument": {"uri": _URI},
                "position": place,
            }
            if name == "codeAction":
                params["range"] = {"start": place, "end": place}
                params["context"] = {"diagnostics": []}
            began = time.perf_counter()
            self.ask(f"textDocument/{name}", params)
            times.append(time.perf_counter() - began)
        if name == "completion":
            self.tell(
                "textDocument/didChange",
                {
                    "textDocument": {"uri": _URI, "version": _ROUNDS + 1},
                    "contentChanges": [{"text": text}],
                },
            )
            self.findings()
        return statistics.median(times)

    def ask(self, method: str, params: Any) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                return answer.get("result")

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._process.stdin.flush()

    def _read(self) -> Any:
        out = self._process.stdout
        assert out is not None
        size = 0
        while header := out.readline().strip():
            if header.lower().startswith(b"content-length:"):
                size = int(header.partition(b":")[2])
        return json.loads(out.read(size))
