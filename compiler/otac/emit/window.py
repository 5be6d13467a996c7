"""The flow of a resident runner that ticks, around the one that a tick with work runs."""

from dataclasses import dataclass

from otac.emit.layout import Code, call, items_of, laid_out
from otac.emit.literal import number, quoted, text
from otac.emit.scope import ModuleScope
from otac.lower.project import (
    FunctionHook,
    Hook,
    Hooks,
    NotificationHook,
    Project,
    Resident,
    Runner,
)


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


# State hooks: what Prefect calls when a run ends.
def state_hooks(project: Project, runner: Runner, scope: ModuleScope) -> list[Code]:
    """`on_failure=[...]` and its like, for the flow's decorator.

    A notification is made once, as a constant of the module.
    """
    made: dict[str, str] = {}

    def written(hook: Hook) -> str:
        match hook:
            case FunctionHook(module, name):
                return scope.imports.foreign(module, name, "hook")
            case NotificationHook(notification):
                if notification not in made:
                    made[notification] = _notify(project, notification, scope)
                return made[notification]

    occasions = (
        ("on_completion", runner.hooks.on_completion),
        ("on_failure", runner.hooks.on_failure),
        ("on_crashed", runner.hooks.on_crashed),
    )
    return [
        items_of([written(hook) for hook in hooks], f"{occasion}=")
        for occasion, hooks in occasions
        if hooks
    ]


def _notify(project: Project, notification_id: str, scope: ModuleScope) -> str:
    """The name of `notify_ops = notify("slack", ...)`, which this adds to the module."""
    notification = next(n for n in project.notifications if n.id == notification_id)
    arguments: list[Code] = [quoted(notification.channel)]
    arguments += scope.values.keywords(notification.settings)
    if notification.subject is not None:
        arguments.append(text(notification.subject, "subject="))
    if notification.message is not None:
        arguments.append(text(notification.message, "message="))
    notify = scope.imports.own("otac.runtime", "notify")
    name = scope.names.function(f"notify_{notification_id}", "hook")
    scope.constants.append(laid_out(call(f"{name} = {notify}", arguments)))
    return name
