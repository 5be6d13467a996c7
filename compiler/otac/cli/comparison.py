"""What `otac plan` and `otac deploy` both begin with."""

import argparse
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from otac.cli.build import inputs_of, with_imports
from otac.cli.compiling import compile_as_built
from otac.cli.configuration import Configuration, read_configuration
from otac.cli.containers import with_containers
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.runner_choice import select
from otac.cli.terminal import Printing
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.report import Report
from otac.extras import install
from otac.output.plan import BuildPlan, drift
from otac.output.plan import plan as plan_build
from otac.source.source_text import SourceText

if TYPE_CHECKING:
    from otac.deploy.api import Api
    from otac.deploy.declaration import Declared
    from otac.deploy.plan import Plan
    from otac.deploy.settings import Settings
    from otac.deploy.state import ServerState

_SWITCHED_OFF = "OTC365"


@dataclass(frozen=True)
class Comparison:
    """A configuration beside a server. `report` is what the compiler found; `stale` are
    files that are not what it compiles to."""

    configuration: Configuration
    report: Report
    stale: tuple[Diagnostic, ...]
    api: "Api"
    declared: "Declared"
    state: "ServerState"
    plan: "Plan"
    # Where the address of the server was found.
    source: str = ""

    def report_with(self, found: tuple[Diagnostic, ...]) -> Report:
        """What the compiler found, and more."""
        report = self.report
        return Report(report.source, (*report.diagnostics, *found))


def compare_with_server(
    arguments: argparse.Namespace, printing: Printing, stack: ExitStack
) -> Comparison | Report | Exit:
    """Compile, ask the server, compare; or say what is in the way, or what was said.

    The connection stays open as long as `stack`.
    """
    configuration = read_configuration(arguments.config, arguments.output)
    if isinstance(configuration, Diagnostic):
        return _only(configuration)
    compiled = compile_as_built(configuration, printing)
    if compiled.output is None or compiled.project is None:
        return compiled.report
    report = _without_switched_off(compiled.report.without_notes())
    project = select(compiled.project, arguments.select)
    if isinstance(project, str):
        return wrong_usage(project)
    if arguments.select is not None:
        # What belongs to the whole project stays as it is.
        project = project._replace(notifications=())
    from otac.deploy.api import ApiError, understood
    from otac.deploy.declaration import ProjectPlace, declare
    from otac.deploy.failure import failure
    from otac.deploy.plan import compare
    from otac.deploy.server_version import read_version
    from otac.deploy.state import read_state

    connected = connect(stack)
    if isinstance(connected, Diagnostic):
        return _only(connected)
    api, settings = connected
    output = with_containers(compiled.output, compiled.project, configuration)
    if isinstance(output, Diagnostic):
        return _only(output)
    inputs = inputs_of(configuration)
    build = plan_build(
        configuration.output,
        output,
        with_imports(inputs) if compiled.imports else inputs,
        compiled.report.diagnostics,
        force=False,
    )
    stale = drift(build) if isinstance(build, BuildPlan) else build
    try:
        version = read_version(api)
        if isinstance(version, Diagnostic):
            return _only(version)
        place = ProjectPlace(
            configuration.output, arguments.target_pool, settings.heartbeat_seconds
        )
        declared = declare(project, compiled.output, place, api)
        if isinstance(declared, tuple):
            return Report(report.source, (*report.diagnostics, *declared))
        with understood():
            state = read_state(api, declared, version)
            plan = compare(declared, state)
            if arguments.select is not None:
                plan = plan.of_deployments()
    except ApiError as problem:
        return _only(failure(problem, settings.url))
    return Comparison(
        configuration, report, stale, api, declared, state, plan, settings.source
    )


def connect(stack: ExitStack) -> "tuple[Api, Settings] | Diagnostic":
    """The API of the server that is meant here, open as long as `stack`."""
    if find_spec("httpx") is None:
        return error(
            "OTC510",
            "talking to a Prefect server needs httpx, which is not installed",
            help=install("prefect"),
        )
    from otac.deploy.api import Api, ApiError
    from otac.deploy.failure import failure
    from otac.deploy.settings import find_settings

    # Where `prefect` would look, too: not where the configuration lies.
    settings = find_settings(Path.cwd())
    if isinstance(settings, Diagnostic):
        return settings
    try:
        return stack.enter_context(Api(settings)), settings
    except ApiError as problem:
        return failure(problem, settings.url)


def _without_switched_off(report: Report) -> Report:
    """Without the warning that a notification waits for its block: deploying makes it."""
    found = (one for one in report.diagnostics if one.code != _SWITCHED_OFF)
    return Report(report.source, tuple(found))


def _only(problem: Diagnostic) -> Report:
    """A finding that is about no place in the configuration."""
    return Report(SourceText("", ""), (problem,))
