"""`otac test`."""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from otac.cli.arguments import CONFIG
from otac.cli.compiling import compile_as_built
from otac.cli.configuration import Configuration, read_configuration
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.interruption import interruptible
from otac.cli.rewriting import write_file
from otac.cli.runner_choice import select
from otac.cli.terminal import Printing, print_problem, print_report
from otac.cli.testing_report import report_for
from otac.cli.testing_update import update_files
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report
from otac.diagnostics.suggest import nearest
from otac.local.home import missing_prefect
from otac.pipeline import Compiled
from otac.source.source_text import SourceText
from otac.testing.binding import bind
from otac.testing.case import Case
from otac.testing.coverage import coverage
from otac.testing.files import FOLDER, files_with_tests, has_tests
from otac.testing.reading import read_tests
from otac.testing.run import run_tests
from otac.testing.verdict import Verdict

_STANDARD_INPUT = "-"


@dataclass(slots=True)
class Collected:
    """The tests that can be run, and what is wrong with files."""

    cases: list[Case] = field(default_factory=list)
    faults: list[Report] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        return any(report.fails for report in self.faults)


def run_test(arguments: argparse.Namespace) -> Exit:
    """`otac test [CONFIG] [FILE|FOLDER...]`."""
    printing = Printing.of(arguments)
    name, paths = _split(arguments.paths)
    configuration = read_configuration(name)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    compiled = compile_as_built(configuration, printing)
    if compiled.output is None or compiled.project is None:
        return print_report(compiled.report, printing)
    project = select(compiled.project, arguments.select)
    if isinstance(project, str):
        return wrong_usage(project)
    # Nothing else of the environment reaches a test: it is to end the same everywhere.
    variables = getattr(arguments, "variables", None)
    collected = collect(
        configuration, compiled, paths, filling=arguments.update, variables=variables
    )
    report = report_for(printing, arguments.durations)
    if arguments.name is not None:
        wanted = arguments.name.casefold()
        chosen = [one for one in collected.cases if wanted in one.name.casefold()]
        if not chosen and not collected.fails:
            return wrong_usage(_no_such_test(arguments.name, collected.cases))
        collected.cases = chosen
    if arguments.select is not None:
        chosen = [one for one in collected.cases if one.runner in project.runners]
        if not chosen and not collected.fails:
            return wrong_usage(f"no test is of {' or '.join(arguments.select)}")
        collected.cases = chosen
    if collected.cases and (missing := missing_prefect()) is not None:
        return print_problem(missing, printing)
    report.faults(collected.faults)
    begun = time.monotonic()
    verdicts: list[Verdict] = []
    with interruptible():
        for verdict in run_tests(
            compiled,
            collected.cases,
            configuration.title,
            configuration.folder,
            limit_seconds=arguments.timeout,
            verbose=printing.verbose,
        ):
            verdicts.append(verdict)
            if not arguments.update:
                report.ended(verdict)
            if arguments.fail_fast and not verdict.passed:
                break
    if arguments.update:
        updates = update_files(verdicts, compiled, configuration, printing)
        if isinstance(updates, Diagnostic):
            return print_problem(updates, printing)
        verdicts = updates
        for verdict in verdicts:
            report.ended(verdict)
    failed = collected.fails or any(not one.passed for one in verdicts)
    covered = coverage(project, compiled.report.source, verdicts)
    if arguments.coverage or arguments.min_coverage is not None:
        report.covered(covered)
    report.done(verdicts, len(collected.cases), time.monotonic() - begun)
    if arguments.lcov is not None:
        text = covered.lcov(Path(configuration.name))
        refused = write_file(arguments.lcov, text.encode("utf-8", "replace"))
        if refused is not None:
            return print_problem(refused, printing)
    least = arguments.min_coverage
    if least is not None and covered.percent < least:
        sys.stderr.write(
            f"error: the tests cover {covered.percent:.1f} % of the steps and"
            f" conditions, and `--min-coverage` wants {least:g} %\n"
        )
        failed = True
    return Exit.FAULT if failed else Exit.OK


def collect(
    configuration: Configuration,
    compiled: Compiled,
    paths: Sequence[str] = (),
    *,
    filling: bool = False,
    variables: Mapping[str, str] | None = None,
) -> Collected:
    """The tests of files and folders; of the folder `tests` beside it by default.

    With `filling`, those that expect nothing are among them. Each sees `variables`.
    """
    assert compiled.project is not None
    collected = Collected()
    for path, shown in _files(configuration, paths, collected):
        suite, report = read_tests(path, shown)
        if report.diagnostics:
            collected.faults.append(report)
        if suite is not None:
            cases, reports = bind(
                suite,
                compiled.project,
                configuration.folder,
                filling=filling,
                variables=variables,
            )
            collected.cases += cases
            collected.faults += [one for one in reports if one.diagnostics]
    return collected


def _split(given: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The configuration, and where tests are."""
    if not given or (given[0] != _STANDARD_INPUT and _is_of_tests(Path(given[0]))):
        return CONFIG, given
    return given[0], given[1:]


def _is_of_tests(path: Path) -> bool:
    if path.is_dir():
        return True
    try:
        return has_tests(path)
    except OSError:
        return False


def _files(
    configuration: Configuration, paths: Sequence[str], collected: Collected
) -> Iterator[tuple[Path, str]]:
    folder = configuration.folder / FOLDER
    seen: set[Path] = set()
    for path in [Path(one) for one in paths] or [folder]:
        found = [path]
        if path.is_dir() or not paths:
            found = [*files_with_tests(path)]
        if not found:
            collected.faults.append(_none(path))
        for one in found:
            if (real := one.resolve()) not in seen:
                seen.add(real)
                yield one, one.as_posix()


def _none(folder: Path) -> Report:
    finding = error(
        "OTC667",
        f"there are no tests in `{visible(folder.as_posix())}`",
        help="a file of tests is YAML with a root key `tests`; docs/testing.md shows one",
    )
    return Report(SourceText("", ""), (finding,))


def _no_such_test(name: str, cases: Sequence[Case]) -> str:
    names = [case.name for case in cases]
    similar = nearest(name, names)
    meant = f"; did you mean `{visible(similar)}`?" if similar else ""
    return f"no test has `{visible(name)}` in its name{meant}"
