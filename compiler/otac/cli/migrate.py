"""`otac migrate`."""

import argparse
import sys
from pathlib import Path

from otac.cli.configuration import (
    STANDARD_INPUT,
    read_configuration,
)
from otac.cli.exit_status import Exit
from otac.cli.rewriting import show_change, write_file
from otac.cli.terminal import Printing, print_problem, print_report, say
from otac.cli.usage import wrong_usage
from otac.diagnostics.diagnostic import Diagnostic
from otac.dialects import Form

STANDARD_OUTPUT = "-"


def run_migrate(arguments: argparse.Namespace) -> Exit:
    """`otac migrate CONFIG`."""
    printing = Printing.of(arguments)
    target = _target(arguments.config, arguments.output)
    if printing.format == "json" and (arguments.diff or target == STANDARD_OUTPUT):
        return wrong_usage(
            "`--format json` and the migrated file would both go to standard output; "
            "name a file with `-o`, or use another format"
        )
    configuration = read_configuration(arguments.config)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    from otac.migrate import migrate
    from otac.pipeline import CompileOptions

    migrated = migrate(
        configuration.name, configuration.data, CompileOptions(strict=printing.strict)
    )
    status = print_report(migrated.report, printing)
    if migrated.data is None or migrated.form is None:
        return status
    if arguments.diff:
        show_change(configuration, migrated.data)
    elif target == STANDARD_OUTPUT:
        sys.stdout.buffer.write(migrated.data)
    elif not migrated.is_current or target != arguments.config:
        problem = write_file(Path(target), migrated.data)
        if problem is not None:
            return print_problem(problem, printing)
    if migrated.is_current:
        say(f"{configuration.name}: nothing to do, it has today's form", printing)
    elif not arguments.diff:
        say(f"{configuration.name}: {_done(migrated.form)}", printing)
    return status


def _target(config: str, output: str | None) -> str:
    """Where the result goes: where the configuration came from, unless told otherwise."""
    if output is not None:
        return output
    return STANDARD_OUTPUT if config == STANDARD_INPUT else config


def _done(form: Form) -> str:
    if form is Form.TODAY:
        return "components of older releases have today's names"
    return f"migrated from {form.value}"
