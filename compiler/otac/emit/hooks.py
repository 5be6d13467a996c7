"""State hooks: what Prefect calls when a run ends."""

from otac.emit.layout import Code, call, items_of, laid_out
from otac.emit.literal import quoted, text
from otac.emit.scope import ModuleScope
from otac.lower.project import FunctionHook, Hook, NotificationHook, Project, Runner


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
