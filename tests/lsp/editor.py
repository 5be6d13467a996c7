"""An editor: starts `otac lsp` and speaks the protocol over its pipes."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

from command import OTAC

Json = Any
PATIENCE = 60.0
CURSOR = "§"


class Editor:
    """One session. A place in a text is where its `§` stands."""

    def __init__(
        self,
        folder: Path,
        encoding: str = "utf-16",
        command: Sequence[str | Path] = (OTAC, "lsp"),
    ) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.encoding = encoding
        self.uri = (folder / "config.yml").as_uri()
        self.text = ""
        self._version = self._number = 0
        self._answers: dict[int, Json] = {}
        self._arrived: Queue[Json] = Queue()
        Thread(target=self._listen, daemon=True).start()
        self.capabilities = self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri(),
                "capabilities": {"general": {"positionEncodings": [encoding]}},
            },
        )["capabilities"]
        self.tell("initialized", {})

    def tell(self, method: str, params: Json) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Json) -> Json:
        """The result of a request; raises its error."""
        answer = self.answer(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def answer(self, method: str, params: Json) -> Json:
        self._number += 1
        number = self._number
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return self._wait(lambda message: message.get("id") == number)

    def open(self, text: str) -> None:
        self.text = text
        item = {"uri": self.uri, "languageId": "yaml", "version": 0, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})

    def type(self, text: str) -> None:
        """Make it the whole text."""
        self.text = text
        self._version += 1
        self.tell(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self._version},
                "contentChanges": [{"text": text}],
            },
        )

    def at(self, marked: str, method: str, **more: Json) -> Json:
        """Type a text and ask about the place of its `§`."""
        text = marked.replace(CURSOR, "")
        if text != self.text:
            self.type(text) if self.text else self.open(text)
        return self.ask(method, self.place(marked) | more)

    def place(self, marked: str) -> Json:
        return {
            "textDocument": {"uri": self.uri},
            "position": self.position(marked, marked.index(CURSOR)),
        }

    def position(self, text: str, offset: int) -> dict[str, int]:
        before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        line = before.rpartition("\n")[2]
        units = len(line.encode(f"{self.encoding}-le".replace("utf-8-le", "utf-8")))
        width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[self.encoding]
        return {"line": before.count("\n"), "character": units // width}

    def range(self, part: str, count: int = 0) -> Json:
        """Where a part of the text stands, for the `count`th time from 0."""
        start = -1
        for _ in range(count + 1):
            start = self.text.index(part, start + 1)
        return {
            "start": self.position(self.text, start),
            "end": self.position(self.text, start + len(part)),
        }

    def labels(self, marked: str) -> list[str]:
        """What completion offers."""
        found = self.at(marked, "textDocument/completion")
        return [item["label"] for item in found["items"]]

    def findings(self) -> list[Json]:
        """The next findings that are published about the document."""
        return self._wait(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == self.uri
            )
        )["params"]["diagnostics"]

    def edited(self, edits: list[Json]) -> str:
        """The text with edits made, as an editor makes them."""
        lines = self.text.split("\n")
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)

        def offset(position: Json) -> int:
            at = starts[position["line"]]
            while self.position(self.text, at) != position:
                at += 1
            return at

        text = self.text
        for edit in sorted(edits, key=lambda one: -offset(one["range"]["start"])):
            start, end = (offset(edit["range"][side]) for side in ("start", "end"))
            text = text[:start] + edit["newText"] + text[end:]
        return text

    def turn_to(self, path: Path) -> None:
        """Another document is the one that is edited from now on."""
        self.uri, self.text = path.as_uri(), ""

    def message(self) -> Json:
        """The next thing that is told to whoever looks on."""
        return self._wait(
            lambda message: message.get("method") == "window/showMessage"
        )["params"]

    def _wait(self, wanted: Any) -> Json:
        kept = []
        try:
            while True:
                try:
                    message = self._arrived.get(timeout=PATIENCE)
                except Empty:
                    raise AssertionError("the server does not answer") from None
                assert message is not None, "the server has ended"
                if wanted(message):
                    return message
                kept.append(message)
        finally:
            for message in kept:
                self._arrived.put(message)

    def _send(self, message: Json) -> None:
        assert self.process.stdin is not None
        data = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def _listen(self) -> None:
        out = self.process.stdout
        assert out is not None
        while header := out.readline():
            # Anything else on standard output breaks this.
            name, _, size = header.partition(b": ")
            assert name == b"Content-Length", header
            while out.readline().strip():
                pass
            self._arrived.put(json.loads(out.read(int(size))))
        self._arrived.put(None)


@contextmanager
def editing(folder: Path, encoding: str = "utf-16") -> Iterator[Editor]:
    """A session that is ended properly, and that must have gone without a bug."""
    editor = Editor(folder, encoding)
    try:
        yield editor
        editor.ask("shutdown", None)
        editor.tell("exit", None)
        assert editor.process.wait(PATIENCE) == 0
        assert editor.process.stderr is not None
        said = editor.process.stderr.read()
        assert said == b"", said.decode()
    finally:
        editor.process.kill()
        editor.process.wait()
