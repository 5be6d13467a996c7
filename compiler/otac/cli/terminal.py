"""What the command line prints, and where."""

import argparse
import os
import sys
from dataclasses import dataclass
from typing import TextIO

from otac.cli.exit_status import Exit
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.report import Report
from otac.source.source_text import SourceText


@dataclass(frozen=True, slots=True)
class Printing:
    """How much is printed, and how.

    Without `notes`, only what a reader should act on. `color` is `auto`, `always` or
    `never`; at most `max_errors` errors are shown, None for all.
    """

    format: str = "full"
    strict: bool = False
    quiet: bool = False
    verbose: bool = False
    notes: bool = True
    color: str = "auto"
    max_errors: int | None = None

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Printing":
        """As the command line asks."""
        return cls(
            arguments.format,
            arguments.strict,
            arguments.quiet,
            arguments.verbose,
            color=arguments.color,
            max_errors=arguments.max_errors,
        )

    def colored(self, stream: TextIO) -> bool:
        """Whether to write to a stream in colour.

        What was typed on this command line counts for more than the environment.
        """
        if self.color == "auto":
            return colored(stream.isatty())
        return self.color == "always"

    @property
    def for_people(self) -> bool:
        """Whether diagnostics go to standard error, for people, and leave the rest to us."""
        return self.format in _FOR_PEOPLE


# Everything else is for programs, and is the result of the command.
_FOR_PEOPLE = ("full", "concise")


def print_problem(problem: Diagnostic, printing: Printing) -> Exit:
    """Print a finding that is about no configuration, such as a file that is not there."""
    return print_report(Report(SourceText("", ""), (problem,)), printing)


def print_report(report: Report, printing: Printing) -> Exit:
    """Print diagnostics and tell the exit status they call for.

    What is for programs goes to standard output, as a result; the rest to standard error.
    """
    report = wanted(report, printing)
    shown = report.limited(printing.max_errors)
    stream = sys.stderr if printing.for_people else sys.stdout
    stream.write(rendered(shown, printing, screen_width()))
    if not report.fails:
        return Exit.OK
    # Codes 5xx: neither the configuration nor the output is at fault.
    outside = all(
        found.code.startswith("OTC5")
        for found in report.diagnostics
        if found.severity is Severity.ERROR
    )
    return Exit.ENVIRONMENT if outside else Exit.FAULT


def wanted(report: Report, printing: Printing) -> Report:
    """What of a report is to be printed."""
    if printing.strict:
        report = report.strict()
    if printing.quiet:
        report = report.only_errors()
    return report if printing.notes else report.without_notes()


def rendered(report: Report, printing: Printing, width: int) -> str:
    """The report in the format that was asked for; the other renderers stay unread."""
    report = report.discreet()
    match printing.format:
        case "concise":
            from otac.diagnostics.concise import render as render_lines

            return render_lines(report)
        case "json":
            from otac.diagnostics.json_format import render
        case "github":
            from otac.diagnostics.github import render
        case "gitlab":
            from otac.diagnostics.gitlab import render
        case "sarif":
            from otac.diagnostics.sarif import render
        case "junit":
            from otac.diagnostics.junit import render
        case _:
            from otac.diagnostics.full import render as render_full

            color = printing.colored(sys.stderr)
            return render_full(report, color=color, width=width)
    return render(report)


def say(text: str, printing: Printing) -> None:
    """One line on standard error about what was done; not with `--quiet`.

    Nor where diagnostics are for programs.
    """
    if not printing.quiet and printing.for_people:
        sys.stderr.write(text + "\n")


def colored(terminal: bool) -> bool:
    """Whether to use colour: on a terminal, and never with `NO_COLOR`."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return terminal


def room(stream: TextIO) -> int | None:
    """The columns of the terminal that a stream goes to; None where it goes elsewhere."""
    try:
        return max(os.get_terminal_size(stream.fileno()).columns, 40)
    except (OSError, ValueError):
        return None


def screen_width() -> int:
    """The columns of the terminal; 100 where there is none."""
    return room(sys.stderr) or 100


def unsaid(report: Report, said: tuple[Diagnostic, ...], printing: Printing) -> Report:
    """Without notes that a reader has had with an earlier build; programs get all."""
    if printing.verbose or not printing.for_people:
        return report
    return report.without_notes({(one.code, one.message) for one in said})
