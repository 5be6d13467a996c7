"""The flow of a resident runner that ticks, around the one that a tick with work runs."""

from dataclasses import dataclass

from otac.emit.hooks import state_hooks
from otac.emit.layout import Code, call, laid_out
from otac.emit.literal import number, quoted, text
from otac.emit.scope import ModuleScope
from otac.lower.project import Hooks, Project, Resident, Runner


@dataclass(frozen=True, slots=True)
class WindowFlow:
    """What `flow.py.jinja` arranges below the flow of a tick.

    `name` and `tick` are local variables, `run` is the statement in the loop.
    """

    decorator: str
    signature: str
    enter: str
    name: str
    tick: str
    run: str


def tick_function(runner: Runner, scope: ModuleScope) -> str:
    """The name of its function."""
    return scope.names.function(f"{runner.id}_tick", "flow")


def window_flow(
    project: Project,
    runner: Runner,
    resident: Resident,
    signature: str,
    function: str,
    scope: ModuleScope,
) -> WindowFlow:
    """The flow that the deployment starts. `function` is that of a tick."""
    window_class = scope.imports.own("otac.runtime", "Window")
    name, tick = scope.names.ours("window"), scope.names.ours("tick")
    seconds = [
        f"interval_seconds={number(resident.interval_seconds)}",
        f"window_seconds={number(resident.window_seconds)}",
    ]
    given = [f"{parameter.name}={parameter.name}" for parameter in runner.parameters]
    return WindowFlow(
        decorator=laid_out(call("@flow", _options(project, runner, scope))),
        signature=signature,
        enter=laid_out(call(f"async with {window_class}", seconds), 4, f" as {name}:"),
        name=name,
        tick=tick,
        run=laid_out(call(f"await {tick}.run", [function, *given]), 12),
    )


def _options(project: Project, runner: Runner, scope: ModuleScope) -> list[Code]:
    """Of the hooks, only those of a crash: a process that is gone takes both flows along.

    That ticks failed is what the window's own state says, too late for a hook.
    """
    options: list[Code] = [f"name={quoted(runner.id)}"]
    if runner.description:
        options.append(text(runner.description, "description="))
    crashed = runner._replace(hooks=Hooks((), (), runner.hooks.on_crashed))
    return [*options, *state_hooks(project, crashed, scope), "log_prints=True"]
