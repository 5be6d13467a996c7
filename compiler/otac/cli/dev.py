"""`otac dev`."""

import argparse
import gc
import time
from contextlib import ExitStack
from pathlib import Path

from otac.cli.build import BuildOptions, build
from otac.cli.compiling import compile_as_built
from otac.cli.configuration import (
    RECORD,
    STANDARD_INPUT,
    Configuration,
    read_configuration,
)
from otac.cli.development import Development
from otac.cli.exit_status import Exit
from otac.cli.interruption import interruptible
from otac.cli.once import Once, run_once
from otac.cli.run import print_result, quieter
from otac.cli.terminal import Printing, print_problem, say
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.local.api import Api
from otac.local.home import Home, prepare_home
from otac.local.job import job
from otac.local.server import check_port, free_port
from otac.local.watch import Watch
from otac.lower.project import Call, FunctionHook, Project, Step
from otac.output.environment import environment

_LOOK_SECONDS = 1.0


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
    try:
        with interruptible(), ExitStack() as stack:
            port = arguments.port if arguments.port is not None else free_port()
            say("starting Prefect ...", printing)
            development = Development(configuration, home, port, stack, printing)
            return _serve(development, configuration, printing)
    except KeyboardInterrupt:
        # How it is meant to end.
        return Exit.OK


def _once(configuration: Configuration, home: Home, printing: Printing) -> Exit:
    """Run every runner once, in the order of the configuration."""
    compiled = compile_as_built(configuration, printing)
    if compiled.output is None or compiled.project is None:
        # Somebody changed a module at this moment; the next time will tell.
        return Exit.FAULT
    runners = compiled.project.runners
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
    if address is not None and Api(f"{address}/api").healthy():
        return error(
            "OTC515",
            f"`otac dev` already runs for this project, at {address}",
            help="end it first; it deploys every change by itself",
        )
    return None if port is None else check_port(port)


def _serve(
    development: Development, configuration: Configuration, printing: Printing
) -> Exit:
    """Start, and deploy every change, until something ends it."""
    project = compile_as_built(configuration, printing).project
    problem = development.start() or development.deploy()
    if problem is not None or project is None:
        return Exit.FAULT if problem is None else print_problem(problem, printing)
    development.introduce(project)
    watch = Watch(_files(configuration, project))
    while True:
        time.sleep(_LOOK_SECONDS)
        problem = development.look()
        if problem is not None:
            return print_problem(problem, printing)
        if not watch.changed():
            continue
        changed = read_configuration(configuration.name)
        if isinstance(changed, Diagnostic):
            # Some editors remove a file before they write it again.
            continue
        if build(changed, BuildOptions(), printing) is not Exit.OK:
            say("the last good version goes on", printing)
            continue
        compiled = compile_as_built(changed, printing)
        problem = development.deploy()
        if problem is not None:
            print_problem(problem, printing)
        elif compiled.project is not None:
            watch.replace(_files(changed, compiled.project))
            development.introduce(compiled.project)


def _files(configuration: Configuration, project: Project) -> list[Path]:
    """The configuration, its record of components, and the modules that it names."""
    if configuration.name == STANDARD_INPUT:
        return []
    modules = {service.component.module for service in project.services}
    for runner in project.runners:
        modules |= _modules(runner.steps)
        hooks = runner.hooks
        for hook in (*hooks.on_failure, *hooks.on_completion, *hooks.on_crashed):
            if isinstance(hook, FunctionHook):
                modules.add(hook.module)
    paths = [Path(configuration.name), configuration.folder / RECORD]
    for module in sorted(modules):
        place = configuration.folder.joinpath(*module.split("."))
        paths += (place.with_suffix(".py"), place / "__init__.py")
    return paths


def _modules(steps: tuple[Step, ...]) -> set[str]:
    found: set[str] = set()
    for step in steps:
        if isinstance(step.action, Call):
            found.add(step.action.component.module)
        else:
            found |= _modules(step.action.steps)
    return found
