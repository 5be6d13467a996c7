"""Which configuration tests are about, and which tests a configuration has."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic
from otac.lsp.findings import moved
from otac.lsp.jobs import ListedTests, TestsAnswer, Tried
from otac.lsp.latest import change
from otac.lsp.state import State
from otac.lsp.tests import meant_at, target
from otac.lsp.translation import Ready
from otac.plain_file import read_file
from otac.source.document import Scalar, Span

RUN_TEST = "otac.runTest"
_CONFIGURATION = "config.yml"
# Of tests in one message.
_NAMED = 3


class TestOutcome(NamedTuple):
    """What became of a test, as it stood in `text` at `span`."""

    text: str
    span: Span
    seconds: float
    found: tuple[Diagnostic, ...]

    def at(self, text: str) -> "TestOutcome | None":
        """The same in a later text; None where the test is not what was run."""
        if text == self.text:
            return self
        changed = change(self.text, text)
        span = changed.moved(self.span)
        if span is None:
            return None
        found = tuple(one for each in self.found for one in moved(each, changed))
        return TestOutcome(text, span, self.seconds, found)


class Beside:
    """Texts that belong together, as editors hold them and else as they are in files."""

    def __init__(self, states: dict[str, State]) -> None:
        self._states = states
        self._files: dict[Path, tuple[tuple[int, int], State]] = {}
        self._listed: dict[Path, list[ListedTests]] = {}
        self._outcomes: dict[Path, dict[str, TestOutcome]] = {}

    def configuration(self, tests: State) -> State | None:
        """The nearest one above a file of tests, or the only one that is open."""
        opened = [one for one in self._states.values() if one.is_ours]
        for folder in (tests.folder, *tests.folder.parents):
            here = [one for one in opened if one.folder == folder]
            named = [one for one in here if one.name == _CONFIGURATION]
            file = None if named else self.file(folder / _CONFIGURATION)
            if file is not None and file.is_ours:
                named.append(file)
            if named or len(here) == 1:
                return (named or here)[0]
        return opened[0] if len(opened) == 1 else None

    def open_tests(self, config: State) -> Iterator[tuple[str, State]]:
        """The files of tests about a configuration that are open."""
        for uri, state in list(self._states.items()):
            if state.has_tests and state.configuration is config:
                yield uri, state

    def listed(self, config: State) -> list[ListedTests]:
        """The files of tests that are not open, as they were found last."""
        opened = {state.path for state in self._states.values()}
        found = self._listed.get(config.path, [])
        return [one for one in found if one.path not in opened]

    def put_listed(self, config: State, found: list[ListedTests]) -> bool:
        """Whether that is something new."""
        before = self._listed.get(config.path)
        self._listed[config.path] = found
        return before != found

    def file(self, path: Path) -> State | None:
        """A file, read anew only when it has changed; None where there is none."""
        try:
            found = path.stat()
            stamp = found.st_mtime_ns, found.st_size
            before = self._files.get(path)
            if before is None or before[0] != stamp:
                text = read_file(path).decode("utf-8", "replace")
                state = State(path.name, path.parent, text, beside=self)
                before = self._files[path] = (stamp, state)
        except OSError:
            self._files.pop(path, None)
            return None
        return before[1]

    def tried(self, tried: Tried) -> None:
        """Takes what became of the tests of a file that were run."""
        known = self._outcomes.setdefault(tried.path, {})
        for one in tried.outcomes:
            known[one.name] = TestOutcome(tried.text, one.span, one.seconds, one.found)

    def outcomes(self, tests: State) -> dict[str, TestOutcome]:
        """What became of the tests of a file that are still as they were run."""
        kept = {
            name: there
            for name, one in self._outcomes.get(tests.path, {}).items()
            if (there := one.at(tests.text)) is not None
        }
        self._outcomes[tests.path] = kept
        return kept

    def forget_file(self, path: Path) -> None:
        """What the tests of a file came to."""
        self._outcomes.pop(path, None)

    def forget(self, config: State) -> None:
        """The configuration is another now: what was run was not this."""
        for path in list(self._outcomes):
            state = State(path.name, path.parent, "", beside=self)
            if self.configuration(state) is config:
                del self._outcomes[path]


def runner_at(state: State, offset: int) -> Scalar | None:
    """The runner that is named at an offset: by its `pipe_id`, or by a test."""
    if state.has_tests:
        meant = meant_at(state, offset)
        there = (
            None if meant is None or meant.what != "runner" else target(state, meant)
        )
        part = None if there is None else there.part
        return None if part is None else part.runner.id
    known = state.known if state.is_ours else None
    for part in known.outline.parts if known is not None else ():
        named = part.runner.id
        if named is not None and named.start <= offset <= named.end:
            return named
    return None


def lens(symbol: Ready, title: str, *arguments: str) -> Ready:
    """A line above a runner or test; without arguments it does nothing."""
    command = RUN_TEST if arguments else ""
    asked = {"title": title, "command": command, "arguments": list(arguments)}
    return Ready(range=symbol["selectionRange"], command=asked)


def counted(count: int) -> str:
    return f"{count or 'no'} test{'s' * (count != 1)}"


def told(answer: TestsAnswer) -> tuple[bool, str]:
    """Whether all went well, and what to tell of it."""
    ended = [one for file in answer.files for one in file.outcomes]
    failed = [f"`{one.name}`" for one in ended if one.found]
    seconds = sum(one.seconds for one in ended)
    passed = len(ended) - len(failed)
    said = [f"{counted(passed)} passed in {seconds:.2f} s"] if passed else []
    if failed:
        more = len(failed) - _NAMED
        listed = ", ".join(failed[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        said.append(f"{counted(len(failed))} failed: {listed}")
    said += answer.reasons[:_NAMED]
    return not failed and not answer.reasons, "; ".join(said) or "there is no such test"
