"""`otac plan`."""

import argparse
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from otac.cli.comparison import Comparison, compare_with_server
from otac.cli.configuration import STANDARD_INPUT
from otac.cli.exit_status import Exit, overwriting, wrong_usage
from otac.cli.rewriting import write_file
from otac.cli.terminal import Printing, colored, print_problem, print_report, say
from otac.diagnostics.diagnostic import Diagnostic, Severity, warning
from otac.diagnostics.frame import visible


def run_plan(arguments: argparse.Namespace) -> Exit:
    """`otac plan CONFIG`. Writes nothing but, with `-o`, the plan itself."""
    printing = Printing.of(arguments)
    file = None if arguments.plan is None else Path(arguments.plan)
    if file is not None and (problem := _unfit(file, arguments.config)) is not None:
        return wrong_usage(problem)
    with ExitStack() as stack:
        compared = compare_with_server(arguments, printing, stack)
        if isinstance(compared, Exit):
            return compared
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
    if file is not None:
        from otac.cli.saved_plan import SavedPlan

        saved = SavedPlan.of(compared, arguments, file)
        if (refused := write_file(file, saved.content())) is not None:
            return print_problem(refused, printing)
        say(f"{visible(str(file))}: `otac deploy` takes it", printing)
    return Exit.CHANGES if compared.plan.pending else Exit.OK


def _unfit(file: Path, config: str) -> str | None:
    """Why a plan cannot be saved there."""
    if config == STANDARD_INPUT:
        return "a saved plan needs a configuration that is a file"
    if file.is_dir():
        name = visible(str(file))
        return f"`{name}` is a folder: `--output` says where `otac build` wrote"
    return overwriting({"-o": file}, [config])


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
