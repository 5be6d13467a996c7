"""`otac run`."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent
from typing import Any

from otac.cli.compiling import compile_as_built
from otac.cli.configuration import Configuration, read_configuration
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.flow_parameters import WrongParameter, read_parameters
from otac.cli.outcome import step_paths
from otac.cli.runner_choice import find_runner, select
from otac.cli.terminal import Printing, print_problem, print_report, say
from otac.cli.unset import refused_start
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.frame import visible
from otac.diagnostics.suggest import nearest
from otac.local.home import prepare_home
from otac.local.job import StepEnded, TicketChanged, job
from otac.local.scratch import write
from otac.lower.project import Project, Runner
from otac.output.environment import environment
from otac.pipeline import Compiled


def run_run(arguments: argparse.Namespace) -> Exit:
    """`otac run CONFIG RUNNER`."""
    printing = quieter(Printing.of(arguments))
    configuration = read_configuration(arguments.config)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    try:
        return _run(configuration, arguments, printing)
    except BrokenPipeError:
        raise
    except OSError as problem:
        return print_problem(environment(problem, configuration.folder), printing)


def _run(
    configuration: Configuration, arguments: argparse.Namespace, printing: Printing
) -> Exit:
    compiled = compile_for_run(configuration, printing)
    if compiled.output is None or compiled.project is None:
        return print_report(compiled.report, printing)
    runners = _runners(compiled.project, arguments)
    if isinstance(runners, str):
        return wrong_usage(runners)
    try:
        parameters = [read_parameters(one, arguments.param) for one in runners]
    except WrongParameter as wrong:
        return wrong_usage(str(wrong))
    if arguments.watch_step is not None and len(runners) > 1:
        return wrong_usage("`--watch-step` is about one runner")
    watched = _watched(runners[0], arguments.watch_step)
    if isinstance(watched, str):
        return wrong_usage(watched)
    if (refused := refused_start(compiled, runners)) is not None:
        return print_report(refused, printing)
    if arguments.dry_run:
        from otac.cli.rehearsal import rehearse

        statuses = [
            rehearse(
                configuration,
                compiled,
                runner,
                given,
                printing,
                run_own=arguments.run_own,
            )
            for runner, given in zip(runners, parameters, strict=True)
        ]
        return max(statuses)
    home = prepare_home(configuration.folder)
    if isinstance(home, Diagnostic):
        return print_problem(home, printing)
    with TemporaryDirectory(prefix="otac-") as folder:
        # What runs is what the configuration says; the output beside it is let alone.
        write(compiled.output, Path(folder), configuration.title)
        jobs = [
            job(compiled.output, runner.id, given)
            for runner, given in zip(runners, parameters, strict=True)
        ]
        steps: list[StepEnded] = []
        changes: list[Mapping[str, Any]] = []

        def look(ended: StepEnded | TicketChanged) -> None:
            if isinstance(ended, TicketChanged):
                changes.append(ended.line)
                return
            steps.append(ended)
            if ended.ids == watched and ended.result is not None:
                _show(ended, printing)

        generated, folder_of_config = Path(folder), configuration.folder
        # It brings httpx: what is refused before needs none.
        from otac.cli.once import Once, run_once

        once = Once(runners, jobs, generated, folder_of_config, watched, look)
        ended = run_once(once, home, printing)
    if isinstance(ended, Diagnostic):
        return print_problem(ended, printing)
    well = len(ended) == len(runners) and all(one.completed for one in ended)
    if arguments.select is not None:
        if printing.format == "json":
            print_json([asdict(one) for one in ended])
        elif well:
            print_result({one.runner: one.result for one in ended})
    elif printing.format == "json":
        told = {"steps": [asdict(step) for step in steps], "changes": changes}
        print_json({**asdict(ended[-1]), **told})
    elif well:
        print_result(ended[-1].result)
    return Exit.OK if well else Exit.FAULT


def _runners(project: Project, arguments: argparse.Namespace) -> Sequence[Runner] | str:
    """The one that is named, or those that are selected; or what is wrong."""
    if arguments.select is None:
        found = find_runner(project, arguments.runner)
        return found if isinstance(found, str) else [found]
    chosen = select(project, arguments.select)
    return chosen if isinstance(chosen, str) else chosen.runners


def quieter(printing: Printing) -> Printing:
    """Without notes: they are about what a build writes, and `build` says them."""
    return replace(printing, notes=printing.verbose)


def compile_for_run(configuration: Configuration, printing: Printing) -> Compiled:
    """Compile, and print warnings where nothing is wrong.

    Not as `json`: standard output is for the result of the run then.
    """
    compiled = compile_as_built(configuration, printing, asks=True)
    if compiled.output is not None and printing.for_people:
        print_report(compiled.report, printing)
    return compiled


def print_result(result: object) -> None:
    """Print a result on standard output, unless somebody reads there.

    A person has the table; a result may hold the texts of all tickets.
    """
    if not sys.stdout.isatty():
        print_json(result)


def print_json(result: object) -> None:
    """Print what is for programs on standard output."""
    json.dump(result, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def _show(ended: StepEnded, printing: Printing) -> None:
    """The result of a step, as soon as there is one."""
    place = ".".join(ended.ids) + "".join(f"[{index}]" for index in ended.indices)
    text = json.dumps(ended.result, indent=2, ensure_ascii=False)
    say(f"  {visible(place)} = {indent(text, '  ').lstrip()}", printing)


def _watched(runner: Runner, step: str | None) -> tuple[str, ...] | str:
    """The ids down to the step, none without one, or what is wrong with it."""
    if step is None:
        return ()
    paths = {".".join(ids): ids for ids in step_paths(runner.steps)}
    found = [ids for ids in paths.values() if ids[-1] == step]
    if step in paths:
        found = [paths[step]]
    if len(found) == 1:
        return found[0]
    listed = [".".join(ids) for ids in found] or [*paths]
    words = ", ".join(f"`{visible(one)}`" for one in listed)
    if found:
        return f"several steps are called `{step}`: {words}"
    message = f"runner `{runner.id}` has no step `{visible(step)}`"
    if similar := nearest(step, paths):
        return f"{message}; did you mean `{similar}`?"
    return f"{message}; it has {words}"
