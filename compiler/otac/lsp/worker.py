"""Compiles in a process of its own, so that no answer has to wait for it."""

import os
import pickle
import sys
from pathlib import Path
from typing import Any, NamedTuple

from otac.lsp.bug import report
from otac.lsp.preview import preview
from otac.lsp.state import State


class Job(NamedTuple):
    """A text to compile; with an offset, the module of the runner there is wanted.

    With `fixes`, the text with all corrections that are certain.
    """

    name: str
    folder: Path
    text: str
    offset: int | None = None
    fixes: bool = False


class Worker:
    """Does one job after the other, and remembers what became of the latest text."""

    def __init__(self) -> None:
        self._state: State | None = None

    def do(self, job: Job) -> Any:
        """What the job asks for; None where a bug came in between."""
        same = self._state
        if same is None or (same.text, same.folder) != (job.text, job.folder):
            same = self._state = State(job.name, job.folder, job.text)
        elif job.offset is None and not job.fixes:
            # Components may have been installed or recorded since.
            same = self._state = State(job.name, job.folder, job.text)
        try:
            if job.fixes:
                return same.fixed
            if job.offset is None:
                return same.compiled.report.diagnostics
            return preview(same, job.offset)
        except Exception as bug:  # noqa: BLE001
            report(bug)
            return None


def main() -> None:
    """Reads jobs until the server goes away."""
    if hasattr(os, "nice"):
        # Answers go first where there is one processor for both.
        os.nice(10)
    # Nothing but results may reach the server, whoever prints.
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    worker = Worker()
    while True:
        try:
            job = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(worker.do(job), sink)
        sink.flush()


if __name__ == "__main__":
    main()
