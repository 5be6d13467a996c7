"""`otac plan`."""

import argparse
import sys
from contextlib import ExitStack
from dataclasses import replace

from otac.cli.comparison import Comparison, compare_with_server
from otac.cli.exit_status import Exit
from otac.cli.terminal import Printing, colored, print_problem, print_report
from otac.diagnostics.diagnostic import Diagnostic, Severity, warning


def run_plan(arguments: argparse.Namespace) -> Exit:
    """`otac plan CONFIG`. Writes nothing, neither here nor there."""
    printing = Printing.of(arguments)
    with ExitStack() as stack:
        compared = compare_with_server(arguments, printing, stack)
        if not isinstance(compared, Comparison):
            return print_report(compared, printing)
    from otac.cli.plan_text import render_plan_json, render_text
    from otac.deploy.api import ApiError, understood
    from otac.deploy.failure import failure
    from otac.deploy.preflight import preflight

    try:
        with understood():
            found = preflight(
                compared.declared,
                compared.state,
                compared.plan,
                adopt=False,
                create_pools=False,
            )
    except ApiError as problem:
        return print_problem(failure(problem, compared.api.url), printing)
    # A plan shows what stands in the way of deploying; it does not fail for it.
    warnings = tuple(_warning(one) for one in (*found, *_stale(compared)))
    if printing.format == "json":
        sys.stdout.write(render_plan_json(compared, warnings, applied=False))
    else:
        print_report(compared.report_with(warnings), replace(printing, strict=False))
        color = colored(sys.stdout.isatty())
        text = render_text(compared, color=color, everything=printing.verbose)
        sys.stdout.write(text)
    return Exit.CHANGES if compared.plan.pending else Exit.OK


def _stale(compared: Comparison) -> tuple[Diagnostic, ...]:
    if not compared.stale:
        return ()
    count, title = len(compared.stale), compared.configuration.title
    what = "a file is" if count == 1 else f"{count} files are"
    return (
        warning(
            "OTC536",
            f"{what} not what `{title}` compiles to",
            help=f"run `otac build {title}` before you deploy",
        ),
    )


def _warning(found: Diagnostic) -> Diagnostic:
    return replace(found, severity=Severity.WARNING)
