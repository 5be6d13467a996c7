"""What the process that compiles is asked for, and how it answers about tests."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeAlias

from otac.diagnostics.diagnostic import Diagnostic, error, note
from otac.diagnostics.edit import Correction, Safety
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report
from otac.local.home import missing_prefect
from otac.lsp.state import State
from otac.lsp.told import ToldSymbols
from otac.lsp.translation import Ready, Translation
from otac.pipeline import Compiled
from otac.plain_file import read_file
from otac.source.document import Scalar, Span
from otac.testing.binding import bind
from otac.testing.case import Case, Suite, Written
from otac.testing.files import FOLDER, files_with_tests
from otac.testing.queues import known_queues
from otac.testing.reading import read_helpdesk, read_tests_of
from otac.testing.run import run_tests
from otac.testing.update import edits_of
from otac.testing.verdict import Verdict

# Somebody looks on.
_LIMIT_SECONDS = 30.0
# Of what is expected, in a title.
_LONGEST = 60


class OpenText(NamedTuple):
    """A document as it is now."""

    name: str
    folder: Path
    text: str


class Check(NamedTuple):
    """A configuration to compile."""

    config: OpenText


class Show(NamedTuple):
    """The module of the runner at an offset is wanted."""

    config: OpenText
    offset: int


class Correct(NamedTuple):
    """The text with all corrections that are certain is wanted."""

    config: OpenText


class CheckTests(NamedTuple):
    """A file of tests to check, with the configuration that it is about."""

    tests: OpenText
    config: OpenText | None


class Checked(NamedTuple):
    """What is wrong with it, and queues that the configuration's helpdesk starts with."""

    found: tuple[Diagnostic, ...]
    queues: tuple[str, ...] = ()


class ListTests(NamedTuple):
    """The files of tests beside a configuration are wanted, with positions in units."""

    folder: Path
    encoding: str


class ListedTests(NamedTuple):
    """A file of tests: each is a symbol whose detail is its runner."""

    path: Path
    tests: list[Ready]


class RunTests(NamedTuple):
    """Tests to run: of a file those with this name, of all files those of a runner."""

    config: OpenText
    files: tuple[OpenText, ...]
    name: str | None = None
    runner: str | None = None


class Ended(NamedTuple):
    """A test that was run; `span` is the whole test. Nothing was `found` if it passed."""

    name: str
    span: Span
    seconds: float
    found: tuple[Diagnostic, ...]


class Tried(NamedTuple):
    """What became of the tests of a file."""

    path: Path
    text: str
    outcomes: tuple[Ended, ...]


class TestsAnswer(NamedTuple):
    """What was run, and why something was not: a sentence for each reason."""

    files: tuple[Tried, ...] = ()
    reasons: tuple[str, ...] = ()


Job: TypeAlias = Check | Show | Correct | CheckTests | ListTests | RunTests


def check_tests(job: CheckTests, compiled: Compiled | None) -> Checked:
    """As `otac test` reads a file.

    Where its configuration does not compile, or is not known, only what stands in the
    file itself is looked at.
    """
    suite, report = _read(job.tests)
    if compiled is None or job.config is None:
        return Checked((*report.diagnostics, _alone(job.tests)))
    if compiled.project is None:
        return Checked(report.diagnostics)
    folder = job.config.folder
    seeds = known_queues(compiled.project, folder).seeds
    queues = tuple(dict.fromkeys(_seeded(seeds)))
    if suite is None:
        return Checked(report.diagnostics, queues)
    _, (own, *others) = bind(suite, compiled.project, folder)
    elsewhere = (one for other in others for one in _of_other(suite, other))
    return Checked((*report.diagnostics, *own.diagnostics, *elsewhere), queues)


def _alone(tests: OpenText) -> Diagnostic:
    start = max(0, tests.text.find(FOLDER))
    return note(
        "OTC669",
        "what configuration these tests are about is not known",
        Span(start, start + len(FOLDER)),
        "names in them are not checked",
        help="keep them in `tests/` beside `config.yml`, or open the configuration, too",
    )


def list_tests(
    job: ListTests, known: dict[Path, tuple[object, ListedTests]]
) -> list[ListedTests]:
    """The files of tests; of those that have not changed, what is `known`."""
    found: list[ListedTests] = []
    for path in files_with_tests(job.folder / FOLDER):
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size, job.encoding)
            if path not in known or known[path][0] != stamp:
                text = read_file(path).decode("utf-8", "replace")
                state = State(path.name, path.parent, text)
                told = ToldSymbols().symbols(
                    state, Translation("", state, job.encoding)
                )
                known[path] = (stamp, ListedTests(path, told))
            found.append(known[path][1])
        except OSError:
            continue
    return found


def try_tests(job: RunTests, compiled: Compiled) -> TestsAnswer:
    """Run tests of the texts as they are now."""
    if compiled.output is None or compiled.project is None:
        return TestsAnswer(
            reasons=(f"`{job.config.name}` has errors: nothing was run",)
        )
    if (missing := missing_prefect()) is not None:
        return TestsAnswer(reasons=(f"{missing.message}; {missing.help}",))
    reasons: list[str] = []
    cases: list[Case] = []
    texts = {one.folder / one.name: one.text for one in job.files}
    for file in job.files:
        suite, _ = _read(file)
        if suite is None:
            reasons.append(f"`{file.name}` has errors and was not run")
            continue
        fit, _ = bind(suite, compiled.project, job.config.folder)
        fitting = {id(case.written): case for case in fit}
        for test in suite.tests:
            if not _is_wanted(test, job):
                continue
            if (case := fitting.get(id(test))) is not None:
                cases.append(case)
            else:
                reasons.append(f"`{test.name}` has errors and was not run")
    ended: dict[Path, list[Ended]] = {}
    for verdict in run_tests(
        compiled,
        cases,
        job.config.name,
        job.config.folder,
        limit_seconds=_LIMIT_SECONDS,
    ):
        case = verdict.case
        ended.setdefault(case.file.path, []).append(
            Ended(
                case.name, case.written.node.span, verdict.seconds, _offering(verdict)
            )
        )
    files = (Tried(path, texts[path], tuple(some)) for path, some in ended.items())
    return TestsAnswer(tuple(files), tuple(reasons))


def _offering(verdict: Verdict) -> tuple[Diagnostic, ...]:
    """Why a test failed; where another value came, this can be what is expected."""
    edits = {edit.span: edit for edit in edits_of(verdict.case.file, [verdict])}
    return tuple(
        found
        if found.span is None or (edit := edits.get(found.span)) is None
        else replace(
            found,
            proposed=Correction(
                (edit,),
                f"expect `{visible(edit.text[:_LONGEST])}`",
                Safety.CONFIRM,
                "only you know what is right",
            ),
        )
        for found in verdict.failures
    )


def _is_wanted(test: Written, job: RunTests) -> bool:
    if job.name is not None:
        return test.name == job.name
    return job.runner is None or test.runner.text == job.runner


def _read(tests: OpenText) -> tuple[Suite | None, Report]:
    data = tests.text.encode("utf-8", "replace")
    return read_tests_of(tests.folder / tests.name, tests.name, data)


def _seeded(seeds: tuple[str, ...]) -> Iterator[str]:
    """The queues of files that an embedded helpdesk starts with."""
    for seed in seeds:
        data, _ = read_helpdesk(Path(seed), seed)
        yield from map(str, data.get("queues") or ())
        for ticket in data.get("tickets") or ():
            if ticket.get("queue"):
                yield str(ticket["queue"])


def _of_other(suite: Suite, report: Report) -> Iterator[Diagnostic]:
    """What is wrong with a file of tickets, at the places that name it."""
    for test in suite.tests:
        named = test.node.get("tickets")
        if not isinstance(named, Scalar):
            continue
        if Path(named.text).as_posix() != report.source.name:
            continue
        for found in report.diagnostics:
            line = "" if found.span is None else report.source.place(found.span.start)
            at = f"{report.source.name}:{line[0]}:{line[1]}: " if line else ""
            told = error(
                found.code, f"{at}{found.message}", named.span, help=found.help
            )
            yield replace(told, severity=found.severity)
