"""The project's tests under `otac dev`: run after each save, while everything goes on."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otac.cli.configuration import STANDARD_INPUT, Configuration
from otac.diagnostics.frame import visible
from otac.local.home import Home
from otac.local.process import Process
from otac.local.watch import Watch
from otac.testing.files import FOLDER, files_with_tests

# What tests may name: lists of tickets.
_SUFFIXES = (".yml", ".yaml", ".csv")
_TEST_SECONDS = 30
# All of them. Who has more to run does so without being waited for.
_SECONDS = 300.0
# They have nothing to tidy up.
_GRACE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Tested:
    """What the tests came to; `faults` are lines of what is wrong, in pairs with places."""

    passed: int
    failed: int
    seconds: float
    faults: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """In few words."""
        count = self.passed + self.failed
        if self.failed:
            return f"{self.failed} of {_tests(count)} failed"
        if self.faults:
            return "the tests have errors"
        return f"{_tests(count)} passed in {self.seconds:.1f} s"


class Tests:
    """The tests beside a configuration, in a process that can hang without harm.

    `otac test` itself runs them, so that what is shown is what a CI will say.
    """

    def __init__(
        self,
        configuration: Configuration,
        home: Home,
        stack: ExitStack,
        env_file: Path | None,
    ) -> None:
        self._name = configuration.name
        self._folder = configuration.folder / FOLDER
        self._answer, self._log = home.path / "tests.json", home.path / "tests.log"
        self._env_file = env_file
        self._process: Process | None = None
        self._begun = 0.0
        self._watch = Watch(self._paths())
        stack.callback(self._end)

    def saved(self) -> bool:
        """Whether a file of tests, or of tickets beside them, is another one."""
        return self._watch.changed()

    def start(self) -> None:
        """Runs them from the beginning, if there are any."""
        self._end()
        self._watch.replace(self._paths())
        if self._name == STANDARD_INPUT or not any(files_with_tests(self._folder)):
            return
        arguments = ["test", self._name, "--format", "json"]
        arguments += ["--timeout", str(_TEST_SECONDS)]
        if self._env_file is not None:
            arguments += ["--env-file", str(self._env_file)]
        self._begun = time.monotonic()
        with self._answer.open("wb") as answer, self._log.open("wb") as log:
            self._process = Process(
                "otac",
                *arguments,
                environment=os.environ,
                folder=Path.cwd(),
                stdout=answer,
                stderr=log,
            )

    def ended(self) -> Tested | None:
        """What they came to; told once."""
        process = self._process
        if process is None:
            return None
        seconds = time.monotonic() - self._begun
        if process.status is None:
            if seconds < _SECONDS:
                return None
            why = f"the tests have not ended after {_SECONDS:g} seconds"
            self._end()
            return Tested(0, 0, seconds, (why,))
        self._end()
        try:
            data = json.loads(self._answer.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            why = f"the tests could not be run: `{self._log}` says why"
            return Tested(0, 0, seconds, (why,))
        if not isinstance(data, dict):
            # The configuration has errors, which are told of already.
            return None
        faults = tuple(line for one in _faults(data) for line in _lines(one))
        return Tested(data["passed"], data["failed"], data["seconds"], faults)

    def _end(self) -> None:
        if self._process is not None:
            self._process.end(_GRACE_SECONDS)
            self._process = None

    def _paths(self) -> list[Path]:
        """Those that have tests, what lies beside them, and where others would appear."""
        if self._name == STANDARD_INPUT:
            return []
        folders = dict.fromkeys(path.parent for path in files_with_tests(self._folder))
        folders[self._folder] = None
        return [*folders, *(path for one in folders for path in _files(one))]


def _files(folder: Path) -> Iterator[Path]:
    try:
        for path in sorted(folder.iterdir()):
            if path.suffix in _SUFFIXES:
                yield path
    except OSError:
        # There are no tests, or not any more.
        return


def _faults(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (one for one in data["diagnostics"] if one["severity"] == "error")
    for test in data["tests"]:
        yield from test["failures"]


def _lines(found: dict[str, Any]) -> Iterator[str]:
    """As `otac test` has it, without the text of the file."""
    yield f"error[{found['code']}]: {visible(found['message'])}"
    if found["file"] is not None:
        place = f":{found['line']}:{found['column']}" if found["line"] else ""
        yield f"  --> {visible(found['file'])}{place}"


def _tests(count: int) -> str:
    return f"{count} test{'s' * (count != 1)}"
