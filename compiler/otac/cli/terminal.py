"""What the command line prints, and where."""

import argparse
import os
import sys
from dataclasses import dataclass

from otac.cli.exit_status import Exit
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.report import Report
from otac.source.source_text import SourceText


@dataclass(frozen=True, slots=True)
class Printing:
    """How much is printed, and how.

    Without `notes`, only what a reader should act on.
    """

    format: str = "full"
    strict: bool = False
    quiet: bool = False
    verbose: bool = False
    notes: bool = True

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Printing":
        """As the command line asks."""
        return cls(
            arguments.format, arguments.strict, arguments.quiet, arguments.verbose
        )


def print_problem(problem: Diagnostic, printing: Printing) -> Exit:
    """Print a finding that is about no configuration, such as a file that is not there."""
    return print_report(Report(SourceText("", ""), (problem,)), printing)


def print_report(report: Report, printing: Printing) -> Exit:
    """Print diagnostics and tell the exit status they call for.

    `json` goes to standard output, as a result; everything else to standard error.
    """
    if printing.strict:
        report = report.strict()
    if printing.quiet:
        report = report.only_errors()
    if not printing.notes:
        report = report.without_notes()
    match printing.format:
        case "json":
            from otac.diagnostics.json_format import render as render_json

            sys.stdout.write(render_json(report))
        case "concise":
            from otac.diagnostics.concise import render as render_concise

            sys.stderr.write(render_concise(report))
        case _:
            from otac.diagnostics.full import render as render_full

            color, width = colored(sys.stderr.isatty()), _width()
            sys.stderr.write(render_full(report, color=color, width=width))
    if not report.fails:
        return Exit.OK
    # Codes 5xx: neither the configuration nor the output is at fault.
    outside = all(
        found.code.startswith("OTC5")
        for found in report.diagnostics
        if found.severity is Severity.ERROR
    )
    return Exit.ENVIRONMENT if outside else Exit.FAULT


def say(text: str, printing: Printing) -> None:
    """One line on standard error about what was done; not with `--quiet` or `json`."""
    if not printing.quiet and printing.format != "json":
        sys.stderr.write(text + "\n")


def colored(terminal: bool) -> bool:
    """Whether to use colour: on a terminal, and never with `NO_COLOR`."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return terminal


def _width() -> int:
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        return 100
    return max(columns, 40)
