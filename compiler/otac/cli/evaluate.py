"""`otac evaluate`."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from otac.cli.compiling import compile_as_built
from otac.cli.configuration import Configuration, read_configuration
from otac.cli.evaluation_text import percent, render_differences, render_text
from otac.cli.exit_status import Exit, overwriting, wrong_usage
from otac.cli.flow_parameters import WrongParameter, read_parameters
from otac.cli.interruption import interruptible
from otac.cli.runner_choice import find_runner
from otac.cli.table import tickets
from otac.cli.terminal import Printing, print_problem, print_report, say
from otac.diagnostics.diagnostic import Diagnostic, error, warning
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report
from otac.learning.evaluation import Evaluation, as_data
from otac.learning.examples import Example, read_examples
from otac.local.home import missing_prefect
from otac.local.scratch import write
from otac.lower.project import Project, Runner, calls
from otac.output.environment import environment
from otac.output.replacement import replace_file
from otac.pipeline import Compiled
from otac.source.source_text import SourceText
from otac.trial.assessment import assess, differences, findings
from otac.trial.decision import Decisions
from otac.trial.evaluation_run import EvaluationAsked, EvaluationRun
from otac.trial.plan import is_ours, plan

_PROCESS_TICKETS = "ProcessTickets"
_CLASSIFIER = "classifier"
# Where built-in components take theirs: what a service of the user's is, nobody knows.
_SLOT = "classification_service"
_MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class Subject:
    """A runner of the configuration `name` that was asked, and what it decided."""

    name: str
    runner: Runner
    decisions: Decisions
    evaluation: Evaluation


class _CommandOver(Exception):
    """The command is over; everything has been said."""

    def __init__(self, status: Exit) -> None:
        super().__init__()
        self.status = status


def run_evaluate(arguments: argparse.Namespace) -> Exit:
    """`otac evaluate CONFIG TICKETS`."""
    printing = Printing.of(arguments)
    inputs = (arguments.config, arguments.tickets, arguments.compare)
    if wrong := overwriting({"--html": arguments.html}, inputs):
        return wrong_usage(wrong)
    try:
        return _evaluate(arguments, printing)
    except _CommandOver as over:
        return over.status


def _evaluate(arguments: argparse.Namespace, printing: Printing) -> Exit:
    if (missing := missing_prefect()) is not None:
        return print_problem(missing, printing)
    examples = _examples(arguments.tickets, printing)
    with interruptible():
        subject = _subject(arguments.config, arguments, examples, printing)
        other = None
        if arguments.compare is not None:
            other = _subject(arguments.compare, arguments, examples, printing)
    status = _show(subject, other, examples, arguments, printing)
    if arguments.html is not None:
        _write_page(subject, other, arguments, printing)
    return status


def _examples(path: Path, printing: Printing) -> tuple[Example, ...]:
    """The tickets that say what is right."""
    found = read_examples(path)
    problems = list(found.diagnostics)
    labelled = tuple(one for one in found.tickets if one.queue or one.priority)
    unlabelled = [one for one in found.tickets if not (one.queue or one.priority)]
    if unlabelled:
        named = _listed([one.id for one in unlabelled])
        made = warning if labelled else error
        problems.append(
            made(
                "OTC643",
                f"`{path}`: {tickets(len(unlabelled))} without a queue and a priority"
                f" left out: {named}",
                help="fill in where each of them belongs",
            )
        )
    if problems:
        _tell(Report(SourceText("", ""), tuple(problems)), printing)
    if not labelled:
        raise _CommandOver(Exit.FAULT)
    return labelled


def _tell(report: Report, printing: Printing) -> None:
    """Print what was found; the end, if there is an error.

    Where the report is for programs, warnings are not on standard output beside it.
    """
    report = report.strict() if printing.strict else report
    if report.fails or printing.for_people:
        status = print_report(report, printing)
        if report.fails:
            raise _CommandOver(status)


def _subject(
    name: str,
    arguments: argparse.Namespace,
    examples: Sequence[Example],
    printing: Printing,
) -> Subject:
    configuration = read_configuration(name)
    if isinstance(configuration, Diagnostic):
        raise _CommandOver(print_problem(configuration, printing))
    compiled = compile_as_built(configuration, printing)
    if compiled.output is None or compiled.project is None:
        raise _CommandOver(print_report(compiled.report, printing))
    if printing.for_people:
        print_report(compiled.report.without_notes(), printing)
    runner = _runner(compiled.project, arguments.runner)
    if isinstance(runner, str):
        raise _CommandOver(wrong_usage(runner))
    try:
        parameters = read_parameters(runner, arguments.param)
    except WrongParameter as wrong:
        raise _CommandOver(wrong_usage(str(wrong))) from None
    if not arguments.run_own and (own := _foreign(runner)):
        raise _CommandOver(print_report(Report(compiled.report.source, own), printing))
    decisions = _ask(configuration, compiled, runner, parameters, examples, printing)
    if isinstance(decisions, Diagnostic):
        raise _CommandOver(
            print_report(Report(compiled.report.source, (decisions,)), printing)
        )
    found = tuple(findings(runner, examples, decisions))
    if found:
        _tell(Report(compiled.report.source, found), printing)
    return Subject(name, runner, decisions, assess(examples, decisions))


def _runner(project: Project, id: str | None) -> Runner | str:
    if id is not None:
        return find_runner(project, id)
    kinds = {service.title: service.kind for service in project.services}
    found = [
        runner
        for runner in project.runners
        if any(
            injection.parameter == _SLOT or kinds.get(injection.service) == _CLASSIFIER
            for _, call in calls(runner.steps)
            for injection in call.injections
        )
    ]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"`{one.id}`" for one in found)
        return f"several runners classify: say which with `--runner`: {listed}"
    listed = ", ".join(f"`{one.id}`" for one in project.runners)
    return f"no runner in {project.source} uses a classifier; it has {listed}"


def _foreign(runner: Runner) -> tuple[Diagnostic, ...]:
    return tuple(
        error(
            "OTC641",
            f"`{call.component.plugin or f'{call.component.module}:{call.component.name}'}`"
            " may do more than write to tickets, and was not run",
            call.component.origin,
            f"step `{step.id}` calls it",
            help="`--run-own` runs it all the same, once or more for each ticket",
        )
        for step, call in calls(runner.steps)
        if not is_ours(call)
    )


def _ask(
    configuration: Configuration,
    compiled: Compiled,
    runner: Runner,
    parameters: dict[str, Any],
    examples: Sequence[Example],
    printing: Printing,
) -> Decisions | Diagnostic:
    assert compiled.output is not None
    assert compiled.project is not None
    many = any(step.for_each is not None for step in _all_steps(runner))
    asked = EvaluationAsked(
        plan(compiled.project, compiled.output),
        runner.id,
        parameters,
        [(one.subject, one.body) for one in examples],
        many,
    )
    shows = sys.stderr.isatty() and not printing.quiet and printing.for_people
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="otac-")))
        write(compiled.output, folder, configuration.title)
        run = EvaluationRun(
            asked, folder, configuration.folder, verbose=printing.verbose
        )
        stack.enter_context(run)
        for done in run.progress():
            if shows:
                sys.stderr.write(f"\r  {done} of {len(examples)} tickets")
                sys.stderr.flush()
        if shows:
            sys.stderr.write("\r\x1b[K")
        match run.result:
            case Decisions() as decisions:
                return decisions
            case str(reason):
                return _failed(runner, visible(reason))
            case None:
                return _failed(runner, f"its process ended with status {run.wait()}")


def _failed(runner: Runner, reason: str) -> Diagnostic:
    return error(
        "OTC642",
        f"runner `{runner.id}` cannot be asked: {reason}",
        runner.origin,
        "this runner",
        help="`--verbose` shows what is logged",
    )


def _all_steps(runner: Runner) -> list[Any]:
    found: list[Any] = []
    waiting = list(runner.steps)
    while waiting:
        step = waiting.pop()
        found.append(step)
        waiting += getattr(step.action, "steps", ())
    return found


def _show(
    subject: Subject,
    other: Subject | None,
    examples: Sequence[Example],
    arguments: argparse.Namespace,
    printing: Printing,
) -> Exit:
    if printing.format == "json":
        data = as_data(subject.evaluation) | {"runner": subject.runner.id}
        if other is not None:
            data["compared"] = as_data(other.evaluation) | {"runner": other.runner.id}
            data["differences"] = [
                difference.as_data()
                for difference in differences(
                    examples, subject.decisions, other.decisions
                )
            ]
        json.dump(data, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(_text(subject, arguments.precision, printing))
        if other is not None:
            sys.stdout.write(f"\n{other.name}\n\n")
            sys.stdout.write(_text(other, arguments.precision, printing))
            found = differences(examples, subject.decisions, other.decisions)
            sys.stdout.write(f"\n{render_differences(found)}")
    return _reaches(subject.evaluation, arguments.min_accuracy)


def _text(subject: Subject, precision: float, printing: Printing) -> str:
    return render_text(
        subject.evaluation,
        precision,
        thresholds=_has_thresholds(subject.runner),
        color=printing.colored(sys.stdout),
    )


def _has_thresholds(runner: Runner) -> bool:
    """Whether `min_confidence` is a key that somebody can write into it."""
    return any(
        call.component.name == _PROCESS_TICKETS for _, call in calls(runner.steps)
    )


def _reaches(evaluation: Evaluation, least: float | None) -> Exit:
    """1 if a smaller part of the tickets is decided rightly, of queues or priorities."""
    if least is None:
        return Exit.OK
    status = Exit.OK
    for name, measured in evaluation.aspects:
        accuracy = measured.count.accuracy or 0.0
        if accuracy < least:
            sys.stderr.write(
                f"error: {percent(accuracy)} of the tickets get the right {name},"
                f" and `--min-accuracy` wants {percent(least)}\n"
            )
            status = Exit.FAULT
    return status


def _write_page(
    subject: Subject,
    other: Subject | None,
    arguments: argparse.Namespace,
    printing: Printing,
) -> None:
    from otac.cli.evaluation_page import render_page

    path: Path = arguments.html
    page = render_page(
        subject.name,
        subject.runner.id,
        str(arguments.tickets),
        subject.evaluation,
        arguments.precision,
        thresholds=_has_thresholds(subject.runner),
        compared=None if other is None else (other.name, other.evaluation),
    )
    try:
        replace_file(path, page.encode())
    except OSError as problem:
        raise _CommandOver(
            print_problem(environment(problem, path), printing)
        ) from None
    say(f"{path}: written", printing)


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(f"`{visible(word)}`" for word in words[:_MOST_LISTED])
    more = len(words) - _MOST_LISTED
    return f"{shown} and {more} more" if more > 0 else shown
