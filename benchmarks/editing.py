"""How long an editor waits for `otac lsp` on a configuration of 100 runners, or 2,000 tests.

A client over standard input and output, as editors are: it types a key every 0.1 s and
asks everything right after each one, without waiting for findings; then it asks the same
of the text as it is. A time is from the request to its answer, and all requests of a
moment are sent at once, so that the last one waits for the others.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Self

from benchmarks.large_configuration import large_configuration
from benchmarks.row import Row

_RUNNERS = 100
_KEY_SECONDS = 0.1
_LIMIT_SECONDS = 0.05
_PATIENCE_SECONDS = 60.0
_OTAC = Path(sys.executable).parent / "otac"
_ASKED = "get_pipe_result('select')"
_QUESTIONS = (
    "hover",
    "definition",
    "completion",
    "codeAction",
    "prepareRename",
    "documentSymbol",
)
_TESTS = 2000
_ASKED_OF_TESTS = ("hover", "definition", "completion", "codeAction", "codeLens")
_RUNNER = "runner: runner_50"
_TEST = """\
  - name: ticket number @ goes to its queue
    runner: runner_50
    tickets:
      - {id: 1, queue: Queue 50, subject: invoice @}
      - {id: 2, queue: Queue 50, subject: a printer}
    expect:
      state: Completed
      tickets:
        1: {queue: Billing}
        2: unchanged
      steps: {move: succeeded}

"""
_WITHOUT_PLACE = ("documentSymbol", "codeLens")
_FIRST_IN_RUNNER = 3
OPENED, TYPING, AT_REST = "once opened", "right after a key", "at rest"
# All of the file is read then, and only then.
_OPENING_LIMIT_SECONDS = 0.25


def editing() -> list[Row]:
    """How soon 95 of a hundred answers are there to each question, and the last."""
    return [
        *_rows(f"{_RUNNERS} runners", answer_times()),
        *_rows(f"{_TESTS} tests", answer_times_of_tests()),
    ]


def _rows(of_what: str, found: dict[tuple[str, str], list[float]]) -> list[Row]:
    rows: list[Row] = []
    for (when, name), times in found.items():
        ordered = sorted(times)
        if when == OPENED:
            what = f"`otac lsp`, {of_what}, {when}: {name}"
            limit = _OPENING_LIMIT_SECONDS
            rows.append(Row(what, ordered[-1], limit, "the clock", " s"))
            continue
        for which, seconds in (
            ("95 of 100", ordered[len(ordered) * 95 // 100]),
            ("slowest", ordered[-1]),
        ):
            what = f"`otac lsp`, {of_what}, {when}: {name}, {which}"
            rows.append(Row(what, seconds, _LIMIT_SECONDS, "the clock", " s"))
    return rows


def answer_times(keys: int = 100) -> dict[tuple[str, str], list[float]]:
    """Seconds until the answers, by when it was asked and what."""
    text = large_configuration(_RUNNERS)
    found: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, _session(Path(folder)) as session:
        session.open(text)
        _take(found, OPENED, {"documentSymbol": session.settle()})
        for number, (typed, at) in enumerate(_keys(text, keys)):
            began = time.perf_counter()
            session.type(typed)
            _take(found, TYPING, session.ask_all(typed, at))
            rest = _KEY_SECONDS - (time.perf_counter() - began)
            time.sleep(max(0.0, rest))
            if number == _FIRST_IN_RUNNER:
                assert session.answers["completion"], "asked at the wrong place"
        session.type(text)
        session.settle()
        for _ in range(keys):
            at = text.rindex(_ASKED) + len(_ASKED) - 4
            _take(found, AT_REST, session.ask_all(text, at))
    return found


def answer_times_of_tests(keys: int = 100) -> dict[tuple[str, str], list[float]]:
    """The same for a file of tests: while the runner of one is typed, at three places."""
    listed = (_TEST.replace("@", str(number)) for number in range(_TESTS))
    text = "tests:\n" + "".join(listed)
    places = [at for at in range(len(text)) if text.startswith(_RUNNER, at)]
    found: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "tests"
        folder.mkdir()
        config = large_configuration(_RUNNERS)
        (Path(name) / "config.yml").write_text(config, encoding="utf-8")
        with _session(folder) as session:
            session.questions = _ASKED_OF_TESTS
            session.open(text)
            session.settle()
            for place in (places[0], places[_TESTS // 2], places[-1]):
                at = place + len(_RUNNER) - 2
                # Where the last place was, the text is again what it was.
                session.type(text)
                session.settle()
                for number in range(keys // 3):
                    began = time.perf_counter()
                    typed = f"{text[:at]}{'x' * (1 + number % 3)}{text[at:]}"
                    session.type(typed)
                    _take(found, TYPING, session.ask_all(typed, at))
                    assert session.answers["completion"], "asked at the wrong place"
                    time.sleep(max(0.0, began + _KEY_SECONDS - time.perf_counter()))
    return found


def _take(
    found: dict[tuple[str, str], list[float]], when: str, times: dict[str, float]
) -> None:
    for name, seconds in times.items():
        found.setdefault((when, name), []).append(seconds)


def _keys(text: str, count: int) -> Iterator[tuple[str, int]]:
    """Texts as they follow on each other while one types, and where the cursor is.

    A word above the runners; then by turns in the first one, one in the middle and the
    last: a name that is made another, a condition that is no YAML until its quotes are
    closed, and a runner that is cut out and put back.
    """
    places = [at for at in range(len(text)) if text.startswith(_ASKED, at)]
    head = text.index("printer")
    made: list[tuple[str, int]] = []
    for word in ("x", '"', ""):
        made.append((f"{text[:head]}{word}{text[head:]}", head))
    for at in (places[0], places[len(places) // 2], places[-1]):
        inside = at + len(_ASKED) - 2
        for word in ("x", "xy", "x"):
            made.append((f"{text[:inside]}{word}{text[inside:]}", inside))
        made.append((text, inside))
        line = text.rindex("\n", 0, at) + 1
        condition = "            if: \"{{ has_failed('fetch') }}\""
        for size in range(14, len(condition) + 1, 2):
            typed = f"{text[:line]}{condition[:size]}\n{text[line:]}"
            made.append((typed, line + size))
        made.append((text, at + 2))
        start = text.rindex("    - pipe_id", 0, at)
        end = text.find("    - pipe_id", at)
        end = len(text) if end < 0 else end
        made.append((text[:start] + text[end:], start - 2))
        made.append((text, at + 2))
    for number in range(count):
        yield made[number % len(made)]


@dataclass(slots=True)
class _Asked:
    name: str
    sent: float
    answered: float = 0.0
    result: Any = None


@dataclass(slots=True)
class _Session:
    process: "subprocess.Popen[bytes]"
    uri: str
    number: int = 0
    version: int = 0
    asked: dict[int, _Asked] = field(default_factory=dict)
    published: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    questions: tuple[str, ...] = _QUESTIONS

    def open(self, text: str) -> None:
        item = {"uri": self.uri, "languageId": "yaml", "version": 0, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})

    def type(self, text: str) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        changes = [{"text": text}]
        self.tell(
            "textDocument/didChange",
            {"textDocument": document, "contentChanges": changes},
        )

    def settle(self) -> float:
        """Waits until everything is known of the text; the seconds until it is read."""
        began = time.perf_counter()
        self.ask("textDocument/documentSymbol", {"textDocument": {"uri": self.uri}})
        seconds = time.perf_counter() - began
        time.sleep(2)
        return seconds

    def ask_all(self, text: str, at: int) -> dict[str, float]:
        line = text.count("\n", 0, at)
        place = {"line": line, "character": at - text.rfind("\n", 0, at) - 1}
        numbers = []
        for name in self.questions:
            params: dict[str, Any] = {"textDocument": {"uri": self.uri}}
            if name == "codeAction":
                params["range"] = {"start": place, "end": place}
                params["context"] = {"diagnostics": []}
            elif name not in _WITHOUT_PLACE:
                params["position"] = place
            numbers.append(self.send(f"textDocument/{name}", params))
        times = {}
        for name, number in zip(self.questions, numbers, strict=True):
            asked = self.wait(number)
            times[name] = asked.answered - asked.sent
            self.answers[name] = asked.result
        return times

    def ask(self, method: str, params: Any) -> Any:
        return self.wait(self.send(method, params)).result

    def send(self, method: str, params: Any) -> int:
        self.number += 1
        number = self.number
        self.asked[number] = _Asked(method, time.perf_counter())
        self._write({"id": number, "method": method, "params": params})
        return number

    def wait(self, number: int) -> _Asked:
        late = time.perf_counter() + _PATIENCE_SECONDS
        asked = self.asked[number]
        while not asked.answered:
            if time.perf_counter() > late:
                raise TimeoutError(asked.name)
            time.sleep(0.0002)
        return self.asked.pop(number)

    def tell(self, method: str, params: Any) -> None:
        self._write({"method": method, "params": params})

    def listen(self) -> None:
        """Notes when answers come, and leaves reading them for later."""
        out = self.process.stdout
        assert out is not None
        while True:
            size = 0
            while header := out.readline().strip():
                if header.lower().startswith(b"content-length:"):
                    size = int(header.partition(b":")[2])
            if not size:
                return
            body = out.read(size)
            now = time.perf_counter()
            answer = json.loads(body)
            asked = self.asked.get(answer.get("id") or 0)
            if asked is not None:
                asked.result = answer.get("result")
                asked.answered = now

    def _write(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def __enter__(self) -> Self:
        Thread(target=self.listen, daemon=True).start()
        self.ask("initialize", {"processId": None, "capabilities": {}})
        self.tell("initialized", {})
        return self

    def __exit__(self, *_: object) -> None:
        self.ask("shutdown", None)
        self.tell("exit", None)
        self.process.wait(_PATIENCE_SECONDS)


def _session(folder: Path) -> _Session:
    process = subprocess.Popen(
        [_OTAC, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
    )
    return _Session(process, (folder / "config.yml").as_uri())


def main() -> None:
    """Prints these rows alone: `python -m benchmarks.editing`."""
    for row in editing():
        print(f"| {row.what} | {1000 * row.value:.1f} ms | {1000 * row.limit:g} ms |")


if __name__ == "__main__":
    main()
