"""Runs tests in a process, and ends it where one of them never does."""

from collections.abc import Iterator, Mapping, Sequence
from json import loads
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from otac.local.scratch import write
from otac.pipeline import Compiled
from otac.testing.case import Case
from otac.testing.verdict import Verdict, judge
from otac.trial.plan import TrialPlan, plan
from otac.trial.process import TrialProcess

Answer = Mapping[str, Any]


class _Tests(TrialProcess):
    def __init__(
        self,
        trials: TrialPlan,
        numbered: Sequence[tuple[int, Case]],
        generated: Path,
        folder: Path,
        *,
        verbose: bool,
    ) -> None:
        more = {"tests": [(number, dict(case.task)) for number, case in numbered]}
        module = "otac.testing.testing_process"
        super().__init__(module, trials, more, generated, folder, verbose=verbose)
        self._lines: Queue[bytes] = Queue()
        Thread(target=self._read, daemon=True).start()

    def line(self, seconds: float | None) -> bytes | None:
        """The next line, empty at the end; None if there is none within the time."""
        try:
            return self._lines.get(timeout=seconds)
        except Empty:
            return None

    def _read(self) -> None:
        try:
            for line in self.output:
                self._lines.put(line)
        except (OSError, ValueError):
            pass  # It was closed meanwhile.
        self._lines.put(b"")


def run_tests(
    compiled: Compiled,
    cases: Sequence[Case],
    source: str,
    folder: Path,
    *,
    limit_seconds: float = 60.0,
    verbose: bool = False,
) -> Iterator[Verdict]:
    """Run them in one process, whose generated files nobody keeps.

    `source` is what generated files call the configuration, `folder` where it lies.
    """
    assert compiled.output is not None
    assert compiled.project is not None
    if not cases:
        return
    with TemporaryDirectory(prefix="otac-") as scratch:
        write(compiled.output, Path(scratch), source)
        for case, answer in _run_cases(
            plan(compiled.project, compiled.output),
            cases,
            Path(scratch),
            folder,
            limit_seconds=limit_seconds,
            verbose=verbose,
        ):
            yield judge(case, answer, compiled.report.source)


def _run_cases(
    trials: TrialPlan,
    cases: Sequence[Case],
    generated: Path,
    folder: Path,
    *,
    limit_seconds: float,
    verbose: bool,
) -> Iterator[tuple[Case, Answer]]:
    """What became of each test, in order.

    One that takes longer than the limit is over, and so is one whose process is gone: the
    answer says so under `problems`. The others go on in a new process.
    """
    left = list(enumerate(cases))
    while left:
        with _Tests(trials, left, generated, folder, verbose=verbose) as tests:
            while left:
                if not tests.line(None):
                    # It did not come to a test: another process would not either.
                    why = f"the process of the tests ended with status {tests.wait()}"
                    for _, case in left:
                        yield case, {"seconds": 0.0, "problems": [why]}
                    return
                _, case = left.pop(0)
                line = tests.line(limit_seconds)
                if not line:
                    why = (
                        f"it has not ended after {limit_seconds:g} seconds"
                        if line is None
                        else f"its process ended with status {tests.wait()}"
                    )
                    yield case, {"seconds": limit_seconds, "problems": [why]}
                    break
                yield case, loads(line)
