"""`otac dev`."""

import argparse
import gc
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from otac.cli.build import BuildOptions, build
from otac.cli.compiling import compile_as_built
from otac.cli.configuration import Configuration, read_configuration
from otac.cli.exit_status import Exit
from otac.cli.interruption import interruptible
from otac.cli.once import Once, run_once
from otac.cli.run import print_result, quieter
from otac.cli.terminal import Printing, print_problem, print_report, say
from otac.cli.unset import refused_start
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.local.api import LocalApi
from otac.local.home import Home, prepare_home
from otac.local.job import job
from otac.local.ports import check_port, free_port
from otac.output.environment import environment
from otac.pipeline import Compiled

if TYPE_CHECKING:
    from otac.cli.development import Display


def run_dev(arguments: argparse.Namespace) -> Exit:
    """`otac dev CONFIG`."""
    # Unlike a build, this goes on for hours.
    gc.enable()
    printing = quieter(Printing.of(arguments))
    configuration = read_configuration(arguments.config)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    try:
        return _dev(configuration, arguments, printing)
    except BrokenPipeError:
        raise
    except OSError as problem:
        return print_problem(environment(problem, configuration.folder), printing)


def _dev(
    configuration: Configuration, arguments: argparse.Namespace, printing: Printing
) -> Exit:
    status = build(configuration, BuildOptions(), printing)
    if status is not Exit.OK:
        return status
    home = prepare_home(configuration.folder)
    if isinstance(home, Diagnostic):
        return print_problem(home, printing)
    if arguments.once:
        return _once(configuration, home, printing)
    problem = _obstacle(home, arguments.port)
    if problem is not None:
        return print_problem(problem, printing)
    compiled = compile_as_built(configuration, printing, asks=True)
    if compiled.output is None or compiled.project is None:
        # Somebody changed a module at this moment; the next time will tell.
        return print_report(compiled.report, printing)
    if (refused := refused_start(compiled, compiled.project.runners)) is not None:
        return print_report(refused, printing)
    port = arguments.port if arguments.port is not None else free_port()
    try:
        env_file = arguments.env_file
        return _start(configuration, compiled, home, port, env_file, printing)
    except KeyboardInterrupt:
        # How it is meant to end.
        return Exit.OK


def _start(
    configuration: Configuration,
    compiled: Compiled,
    home: Home,
    port: int,
    env_file: Path | None,
    printing: Printing,
) -> Exit:
    """Start everything, and go on until something ends it."""
    # They need what comes with Prefect.
    from otac.cli.dev_tests import Tests
    from otac.cli.development import Development
    from otac.cli.session import DevSession

    with interruptible(), ExitStack() as stack:
        say("starting Prefect ...", printing)
        development = Development(
            configuration, home, port, stack, verbose=printing.verbose
        )
        with ExitStack() as shown:
            display = _display(configuration, compiled, home, printing, shown)
            tests = Tests(configuration, home, stack, env_file)
            session = DevSession(development, configuration, printing, display, tests)
            report = session.go_on(compiled)
        return print_report(report, printing)


def _display(
    configuration: Configuration,
    compiled: Compiled,
    home: Home,
    printing: Printing,
    shown: ExitStack,
) -> "Display":
    """A table in a terminal, unless Prefect's own lines go there, too; else lines."""
    from otac.cli.lines import PlainLines
    from otac.cli.live.live import Live
    from otac.cli.live.screen import is_terminal

    plain = printing.quiet or printing.verbose or not is_terminal(sys.stderr.fileno())
    if plain or compiled.project is None:
        return PlainLines(configuration, printing)
    log = os.path.relpath(home.log)
    live = Live(compiled.project, configuration.name, log, printing)
    # Once more, should a second signal come while it exits.
    shown.callback(live.leave)
    return shown.enter_context(live)


def _once(configuration: Configuration, home: Home, printing: Printing) -> Exit:
    """Run every runner once, in the order of the configuration."""
    compiled = compile_as_built(configuration, printing, asks=True)
    if compiled.output is None or compiled.project is None:
        # Somebody changed a module at this moment; the next time will tell.
        return Exit.FAULT
    runners = compiled.project.runners
    if (refused := refused_start(compiled, runners)) is not None:
        return print_report(refused, printing)
    jobs = [job(compiled.output, runner.id, {}) for runner in runners]
    ended = run_once(
        Once(runners, jobs, configuration.output, configuration.folder), home, printing
    )
    if isinstance(ended, Diagnostic):
        return print_problem(ended, printing)
    print_result({run.runner: run.result for run in ended})
    well = len(ended) == len(runners) and all(run.completed for run in ended)
    return Exit.OK if well else Exit.FAULT


def _obstacle(home: Home, port: int | None) -> Diagnostic | None:
    address = home.announced()
    if address is not None and LocalApi(f"{address}/api").healthy():
        return error(
            "OTC515",
            f"`otac dev` already runs for this project, at {address}",
            help="end it first; it deploys every change by itself",
        )
    return None if port is None else check_port(port)
