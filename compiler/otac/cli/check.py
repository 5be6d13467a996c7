"""`otac check`."""

import argparse
from dataclasses import replace

from otac.cli.compiling import compiled_with, options_of
from otac.cli.configuration import read_configuration
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.fix import fix_file, offer_fixes, wished
from otac.cli.terminal import Printing, print_problem, print_report, say, unsaid
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.output.lock import recorded
from otac.pipeline import Compiled


def run_check(arguments: argparse.Namespace) -> Exit:
    """`otac check CONFIG`."""
    printing = Printing.of(arguments)
    wish = wished(arguments, printing)
    if isinstance(wish, Exit):
        return wish
    if arguments.download and not arguments.online:
        return wrong_usage("--download is a part of --online")
    if wish is not None and arguments.online:
        return wrong_usage("--fix looks at the file alone: leave out --online")
    configuration = read_configuration(arguments.config)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    options = replace(
        options_of(configuration, printing),
        unresolved=Severity.WARNING,
        # Online, what is set here counts as well.
        environment=None if arguments.online else _named(arguments),
        asks=arguments.online,
    )

    def compiled_again(data: bytes) -> Compiled:
        return compiled_with(replace(configuration, data=data), options)

    compiled = compiled_again(configuration.data)
    if wish is not None:
        return fix_file(configuration, compiled, compiled_again, wish, printing)
    report = compiled.report
    if arguments.online and compiled.project is not None:
        from otac.cli.online import ask_world

        report = ask_world(configuration, compiled, download=arguments.download)
    said = recorded(configuration.output)
    status = print_report(unsaid(report, said, printing), printing)
    if printing.verbose and compiled.dialect is not None:
        dialect = compiled.dialect
        form = f"{configuration.name} is in {dialect.form.value}"
        say(f"{form}: {dialect.reason}", printing)
    if status is Exit.OK:
        say(f"{configuration.name} is fine", printing)
    offer_fixes(configuration, compiled, compiled_again, printing)
    return status


def _named(arguments: argparse.Namespace) -> frozenset[str] | None:
    """The names in the file of `--env-file`; None where there is none."""
    variables = getattr(arguments, "variables", None)
    return None if variables is None else frozenset(variables)
