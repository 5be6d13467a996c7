"""`otac migrate`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from otac.cli.answers import misfit, read_answers, unknown_answers
from otac.cli.configuration import (
    STANDARD_INPUT,
    Configuration,
    read_configuration,
)
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.rescued import (
    done,
    rescued_by,
    tell_next,
    tell_questions,
    tell_rescued,
)
from otac.cli.rewriting import show_change, write_back, write_new
from otac.cli.terminal import Printing, print_problem, print_report, say
from otac.diagnostics.diagnostic import Diagnostic

if TYPE_CHECKING:
    from otac.rescue import Beforehand

STANDARD_OUTPUT = "-"


def run_migrate(arguments: argparse.Namespace) -> Exit:
    """`otac migrate CONFIG`."""
    printing = Printing.of(arguments)
    target = _target(arguments.config, arguments.output)
    if (wrong := _wrong_usage(arguments, printing, target)) is not None:
        return wrong_usage(wrong)
    answers = read_answers(arguments, printing)
    if isinstance(answers, Exit):
        return answers
    configuration = read_configuration(arguments.config)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    if arguments.anonymize:
        from otac.cli.anonymous import run_anonymize

        return run_anonymize(configuration, arguments.output, printing)
    from otac.rescue import Beforehand

    told = Beforehand(answers, arguments.fix, arguments.unsafe_fixes, arguments.accept)
    if _is_watched(arguments, printing, target):
        from otac.cli.guided import guided

        status = guided(configuration, told, arguments, printing)
        if status is not None:
            return status
    if answers or told.fixes or told.accepts:
        return _rescue(configuration, told, arguments, target, printing)
    return _rewrite(configuration, arguments.diff, target, printing)


def _wrong_usage(
    arguments: argparse.Namespace, printing: Printing, target: str
) -> str | None:
    if not printing.for_people and (arguments.diff or target == STANDARD_OUTPUT):
        return (
            f"`--format {printing.format}` and the migrated file would both go to "
            "standard output; name a file with `-o`, or use another format"
        )
    if arguments.config == arguments.answers == STANDARD_INPUT:
        return "the configuration and the answers cannot both be standard input"
    changing = (arguments.fix, arguments.accept, arguments.diff, arguments.answers)
    if arguments.anonymize and (any(changing) or arguments.answer):
        return "`--anonymize` changes nothing else: leave out the other options"
    if arguments.unsafe_fixes and not arguments.fix:
        return "`--unsafe-fixes` needs `--fix`"
    if arguments.explain and not (arguments.unsafe_fixes or arguments.accept):
        return "`--explain` is about what `--unsafe-fixes` and `--accept` change"
    return None


def _is_watched(arguments: argparse.Namespace, printing: Printing, target: str) -> bool:
    """Whether somebody sits at a terminal and can be asked."""
    if arguments.diff or arguments.accept or printing.quiet or not printing.for_people:
        return False
    if STANDARD_INPUT in (arguments.config, target):
        return False
    return sys.stdin.isatty() and sys.stderr.isatty()


def _rewrite(
    configuration: Configuration, diff: bool, target: str, printing: Printing
) -> Exit:
    """Today's form, and nothing else is changed."""
    from otac.migrate import migrate
    from otac.pipeline import CompileOptions

    options = CompileOptions(strict=printing.strict)
    migrated = migrate(configuration.name, configuration.data, options)
    status = print_report(migrated.report, printing)
    tell_questions(migrated.report.diagnostics, migrated.report, printing)
    if migrated.data is None or migrated.form is None:
        return status
    if diff:
        show_change(configuration, migrated.data)
    else:
        problem = _write(configuration, target, migrated.data)
        if problem is not None:
            return print_problem(problem, printing)
    if migrated.is_current:
        say(f"{configuration.name}: nothing to do, it has today's form", printing)
    elif not diff:
        say(f"{configuration.name}: {done(migrated.form)}", printing)
    return status


def _rescue(
    configuration: Configuration,
    told: "Beforehand",
    arguments: argparse.Namespace,
    target: str,
    printing: Printing,
) -> Exit:
    """Today's form with corrections and answers, as far as they were given."""
    new = configuration.name if target == STANDARD_OUTPUT else target
    rescued = rescued_by(told, configuration, new, printing, explain=arguments.explain)
    if rescued.misfit is not None:
        return misfit(rescued.misfit)
    unknown = unknown_answers(configuration.name, told.answers, rescued.keys)
    if unknown is not None:
        return unknown
    if rescued.new is not None:
        if arguments.diff:
            show_change(configuration, rescued.new.data)
        else:
            problem = _write(configuration, target, rescued.new.data)
            if problem is not None:
                return print_problem(problem, printing)
    status = tell_rescued(configuration.name, new, rescued, printing)
    if status is Exit.OK and target != STANDARD_OUTPUT and not arguments.diff:
        tell_next(target, rescued.compiled, printing)
    return status


def _write(configuration: Configuration, target: str, data: bytes) -> Diagnostic | None:
    """Write the new file: in place of the old one, or where none is."""
    if target == STANDARD_OUTPUT:
        sys.stdout.buffer.write(data)
        return None
    path = Path(target)
    if target == configuration.name:
        if data == configuration.data:
            return None
        return write_back(configuration, data, piped="otac migrate -")
    if path.is_file() and not path.is_symlink() and path.read_bytes() == data:
        return None
    return write_new(path, data)


def _target(config: str, output: str | None) -> str:
    """Where the result goes: where the configuration came from, unless told otherwise."""
    if output is not None:
        return output
    return STANDARD_OUTPUT if config == STANDARD_INPUT else config
