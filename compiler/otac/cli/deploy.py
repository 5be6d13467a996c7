"""`otac deploy`."""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from otac.cli.comparison import Comparison, compare_with_server
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.interruption import interruptible
from otac.cli.saved_plan import read_saved_plan
from otac.cli.terminal import Printing, colored, print_problem, print_report, say
from otac.diagnostics.diagnostic import Diagnostic, Severity


def run_deploy(arguments: argparse.Namespace) -> Exit:
    """`otac deploy CONFIG`, or of a plan that `otac plan -o` has saved."""
    printing = Printing.of(arguments)
    saved = read_saved_plan(arguments.config)
    if isinstance(saved, Diagnostic):
        return print_problem(saved, printing)
    if saved is not None:
        if (problem := saved.ask_for(Path(arguments.config), arguments)) is not None:
            return wrong_usage(problem)
        # Who saved it has looked at it.
        arguments.yes = True
    with ExitStack() as stack:
        compared = compare_with_server(arguments, printing, stack)
        if isinstance(compared, Exit):
            return compared
        if not isinstance(compared, Comparison):
            return print_report(compared, printing)
        if saved is not None and (refused := saved.refusal(compared)) is not None:
            return print_problem(refused, printing)
        if compared.stale:
            return print_report(compared.report_with(compared.stale), printing)
        return _deploy(compared, arguments, printing)


def _deploy(
    compared: Comparison, arguments: argparse.Namespace, printing: Printing
) -> Exit:
    from otac.cli.plan_text import render_plan_json, render_text
    from otac.deploy.plan import Action

    # Somebody at a terminal sees the pools in the plan and says yes to it.
    as_json = printing.format == "json"
    shows = not (as_json or printing.quiet)
    asks = not arguments.yes and shows and sys.stdin.isatty() and sys.stderr.isatty()
    create_pools = arguments.create_pools or asks
    found = _preflight(compared, arguments, create_pools=create_pools)
    if isinstance(found, Diagnostic):
        return print_problem(found, printing)
    fails = any(one.severity is Severity.ERROR for one in found)
    if fails or not as_json:
        status = print_report(compared.report_with(found), printing)
        if status is not Exit.OK:
            return status
    kept = {Action.ORPHANED} if not arguments.prune else set()
    todo = [one for one in compared.plan.pending if one.action not in kept]
    color = colored(sys.stderr.isatty())
    if shows and compared.plan.pending:
        text = render_text(compared, color=color, everything=printing.verbose)
        sys.stderr.write(text)
    if todo and not arguments.yes:
        if not asks:
            return wrong_usage(
                "there is nobody to ask: look at `otac plan`, then add `--yes`"
            )
        if not _agreed(len(todo)):
            say("nothing was changed", printing)
            return Exit.OK
    if todo:
        problem = _apply(compared, prune=arguments.prune, printing=printing)
        if problem is not None:
            return print_problem(problem, printing)
    if as_json:
        sys.stdout.write(render_plan_json(compared, found, applied=True))
    left = len(compared.plan.pending) - len(todo)
    hint = f"; {left} orphaned: `--prune` removes them" if left else ""
    done = f"{len(todo)} applied" if todo else "nothing to do, the server is in step"
    say(f"{compared.configuration.name}: {done}{hint}", printing)
    return Exit.OK


def _preflight(
    compared: Comparison, arguments: argparse.Namespace, *, create_pools: bool
) -> tuple[Diagnostic, ...] | Diagnostic:
    from otac.deploy.api import ApiError, understood
    from otac.deploy.failure import failure
    from otac.deploy.imports import check_imports
    from otac.deploy.plan import DeploymentChange
    from otac.deploy.preflight import preflight

    try:
        with understood():
            found = preflight(
                compared.declared,
                compared.state,
                compared.plan,
                adopt=arguments.adopt,
                create_pools=create_pools,
            )
    except ApiError as problem:
        return failure(problem, compared.api.url)
    # What does not change was tried when it did.
    entrypoints = [
        str(one.declared.fields["entrypoint"])
        for one in compared.plan.pending
        if isinstance(one, DeploymentChange) and one.declared is not None
    ]
    if not entrypoints or arguments.no_import:
        return found
    configuration = compared.configuration
    return (
        *found,
        *check_imports(entrypoints, configuration.output, configuration.folder),
    )


def _apply(
    compared: Comparison, *, prune: bool, printing: Printing
) -> Diagnostic | None:
    """Make the changes; or say what the server refused."""
    from otac.cli.plan_text import line
    from otac.deploy.api import ApiError, understood
    from otac.deploy.apply import apply
    from otac.deploy.failure import failure

    color = colored(sys.stderr.isatty())
    begun = False
    try:
        with interruptible(), understood():
            steps = apply(compared.api, compared.plan, compared.state, prune=prune)
            for change in steps:
                begun = True
                if printing.verbose:
                    say(f"done: {line(change, color=color)}", printing)
    except ApiError as problem:
        return failure(problem, compared.api.url, begun=begun)
    except KeyboardInterrupt:
        say("interrupted; run the command again, and it finishes", printing)
        raise
    return None


def _agreed(count: int) -> bool:
    sys.stderr.write(f"apply {count} change{'s' * (count > 1)}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
