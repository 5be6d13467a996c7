"""`otac build --watch`, and the files that a build reads."""

import argparse
import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path

from otac.agreed import RECORD
from otac.cli.compiling import compile_as_built
from otac.cli.configuration import STANDARD_INPUT, Configuration, read_configuration
from otac.cli.exit_status import Exit
from otac.cli.interruption import interruptible
from otac.cli.terminal import Printing, print_problem, say
from otac.diagnostics.diagnostic import Diagnostic
from otac.local.watch import Watch
from otac.lower.project import Call, FunctionHook, Project, Step

TICK_SECONDS = 0.1
"""How often files are looked at; a save is over when nothing has changed for as long."""

_Build = Callable[[Configuration], Exit]


def watch(arguments: argparse.Namespace, build: _Build, printing: Printing) -> Exit:
    """Build now and after each save, until somebody ends it."""
    # Unlike a build, this goes on for hours.
    gc.enable()
    try:
        with interruptible():
            return _go_on(arguments, build, printing)
    except KeyboardInterrupt:
        # How it is meant to end.
        return Exit.OK


def _go_on(arguments: argparse.Namespace, build: _Build, printing: Printing) -> Exit:
    configuration = read_configuration(arguments.config, arguments.output)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    # Before it is built: a save in the meantime is not missed.
    watched = Watch(_read(configuration))
    _build_again(configuration, build, watched, printing)
    say(f"watching {configuration.name}; Ctrl-C ends it", printing)
    saved = False
    while True:
        time.sleep(TICK_SECONDS)
        if watched.changed():
            saved = True
        elif saved:
            saved = False
            changed = read_configuration(arguments.config, arguments.output)
            # Some editors remove a file before they write it again.
            if not isinstance(changed, Diagnostic):
                say(time.strftime("\n%H:%M:%S"), printing)
                _build_again(changed, build, watched, printing)


def _build_again(
    configuration: Configuration, build: _Build, watched: Watch, printing: Printing
) -> None:
    build(configuration)
    sys.stdout.flush()
    project = compile_as_built(configuration, printing).project
    if project is not None:
        watched.replace(files_of(configuration, project))


def _read(configuration: Configuration) -> list[Path]:
    return [Path(configuration.name), configuration.folder / RECORD]


def files_of(configuration: Configuration, project: Project) -> list[Path]:
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
    paths = _read(configuration)
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
