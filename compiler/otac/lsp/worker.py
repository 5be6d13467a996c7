"""Compiles in a process of its own, so that no answer has to wait for it."""

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from otac.lsp.bug import report
from otac.lsp.jobs import (
    Check,
    CheckTests,
    Correct,
    Job,
    ListedTests,
    ListTests,
    OpenText,
    RunTests,
    Show,
    check_tests,
    list_tests,
    try_tests,
)
from otac.lsp.preview import preview
from otac.lsp.state import State


class JobWorker:
    """Does one job after the other, and remembers what became of the latest text."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._listed: dict[Path, tuple[object, ListedTests]] = {}

    def do(self, job: Job) -> Any:
        """What the job asks for; None where a bug came in between."""
        try:
            match job:
                case Check(config):
                    # Components may have been installed or recorded since.
                    self._state = State(*config)
                    return self._state.compiled.report.diagnostics
                case Show(config, offset):
                    return preview(self._same(config), offset)
                case Correct(config):
                    return self._same(config).fixed
                case CheckTests():
                    about = job.config and self._same(job.config).compiled
                    return check_tests(job, about)
                case ListTests():
                    return list_tests(job, self._listed)
                case RunTests(config):
                    return try_tests(job, self._same(config).compiled)
        except Exception as bug:  # noqa: BLE001
            report(bug)
            return None

    def _same(self, text: OpenText) -> State:
        """What was made of this text, if it was the latest."""
        same = self._state
        if same is None or (same.name, same.folder, same.text) != text:
            same = self._state = State(*text)
        return same


def main() -> None:
    """Reads jobs until the server goes away."""
    if hasattr(os, "nice"):
        # Answers go first where there is one processor for both.
        os.nice(10)
    # Nothing but results may reach the server, whoever prints.
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    worker = JobWorker()
    while True:
        try:
            job = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(worker.do(job), sink)
        sink.flush()


if __name__ == "__main__":
    main()
