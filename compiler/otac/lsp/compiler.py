"""The process that compiles, as the server sees it."""

import asyncio
import pickle
import subprocess
import sys
from contextlib import suppress
from typing import Any

from otac.diagnostics.diagnostic import Diagnostic
from otac.lsp.jobs import (
    Check,
    Checked,
    CheckTests,
    Correct,
    Job,
    ListedTests,
    ListTests,
    OpenText,
    RunTests,
    Show,
    TestsAnswer,
)
from otac.lsp.preview import Preview
from otac.lsp.state import State

# `-P`: no module of the project that is being edited may be taken for one of ours.
_COMMAND = (sys.executable, "-P", "-m", "otac.lsp.worker")


class Compiler:
    """Has texts compiled, one at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = asyncio.Lock()
        self._is_over = False

    def start(self) -> None:
        """Starts the process if it is not there."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )

    def stop(self) -> None:
        """Ends the process, whatever it does."""
        self._is_over = True
        self._discard()

    def _discard(self) -> None:
        """Ends the process, which may be on its way out without having ended."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            if process.stdin is not None:
                # What it was not told any more: else Python complains of it at the end.
                with suppress(OSError):
                    process.stdin.close()

    async def findings(self, state: State) -> tuple[Diagnostic, ...] | None:
        """What a build would say; None where a bug came in between."""
        found = await self._ask(Check(_text(state)))
        return found if isinstance(found, tuple) else None

    async def preview(self, state: State, offset: int) -> Preview | None:
        """The module of the runner at an offset."""
        if not state.is_ours:
            return None
        found = await self._ask(Show(_text(state), offset))
        return found if isinstance(found, Preview) else None

    async def fixed(self, state: State) -> str | None:
        """The text with all corrections that are certain."""
        if not state.is_ours:
            return None
        found = await self._ask(Correct(_text(state)))
        return found if isinstance(found, str) else None

    async def checked(self, tests: State, config: State | None) -> Checked | None:
        """What is wrong with a file of tests; None where a bug came in between."""
        about = None if config is None else _text(config)
        found = await self._ask(CheckTests(_text(tests), about))
        return found if isinstance(found, Checked) else None

    async def listed(self, config: State, encoding: str) -> list[ListedTests] | None:
        """The files of tests beside a configuration."""
        found = await self._ask(ListTests(config.folder, encoding))
        return found if isinstance(found, list) else None

    async def tried(
        self,
        config: State,
        files: list[State],
        *,
        name: str | None = None,
        runner: str | None = None,
    ) -> TestsAnswer | None:
        """Runs a test of a file, or all of a runner."""
        texts = tuple(map(_text, files))
        found = await self._ask(RunTests(_text(config), texts, name, runner))
        return found if isinstance(found, TestsAnswer) else None

    async def _ask(self, job: Job) -> Any:
        async with self._turn:
            try:
                return await asyncio.to_thread(self._exchange, job)
            except (EOFError, OSError):
                if self._is_over:
                    return None
                self._discard()
            # It was ended from outside; the text cannot be to blame twice.
            return await asyncio.to_thread(self._exchange, job)

    def _exchange(self, job: Job) -> Any:
        self.start()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        pickle.dump(job, process.stdin)
        process.stdin.flush()
        return pickle.load(process.stdout)


def _text(state: State) -> OpenText:
    return OpenText(state.name, state.folder, state.text)
