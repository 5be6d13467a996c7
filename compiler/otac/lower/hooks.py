"""State hooks: `module:function`, or the id of a notification."""

from otac.catalogue import NotFound, split
from otac.config.model import Located, NotificationConfig, RunPolicyConfig
from otac.diagnostics.diagnostic import Diagnostic, Severity, error
from otac.diagnostics.suggest import nearest
from otac.lower.components import broken_module
from otac.lower.context import Context
from otac.lower.project import FunctionHook, Hook, Hooks, NotificationHook


def lower_hooks(
    context: Context, runner_id: str, policies: tuple[RunPolicyConfig, ...]
) -> Hooks:
    """The hooks of a runner: its own or the defaults', and in-flow notifications."""

    def nearest_given(
        choices: tuple[tuple[Located[str], ...] | None, ...],
    ) -> list[Hook]:
        given = next((names for names in choices if names is not None), ())
        hooks = [_hook(context, name) for name in given]
        return [hook for hook in hooks if hook is not None]

    on_failure = nearest_given(tuple(p.on_failure for p in policies))
    on_completion = nearest_given(tuple(p.on_completion for p in policies))
    on_crashed = nearest_given(tuple(p.on_crashed for p in policies))
    for notification in context.config.notifications:
        if notification.in_flow and _is_for(notification, runner_id):
            hook = NotificationHook(notification.id.value)
            events = [event.value for event in notification.events]
            if not events or "failed" in events:
                on_failure.append(hook)
            if not events or "crashed" in events:
                on_crashed.append(hook)
            if "completed" in events:
                on_completion.append(hook)
    return Hooks(
        on_failure=tuple(dict.fromkeys(on_failure)),
        on_completion=tuple(dict.fromkeys(on_completion)),
        on_crashed=tuple(dict.fromkeys(on_crashed)),
    )


def _is_for(notification: NotificationConfig, runner_id: str) -> bool:
    return not notification.runners or any(
        name.value == runner_id for name in notification.runners
    )


def _hook(context: Context, name: Located[str]) -> Hook | None:
    notifications = {n.id.value for n in context.config.notifications}
    if name.value in notifications:
        return NotificationHook(name.value)
    parts = split(name.value) if ":" in name.value else None
    if parts is None:
        if "notifications" not in context.config.damaged_sections:
            # By the way that it is sent, where one is sent that way.
            of_kind = [
                n.id.value
                for n in context.config.notifications
                if n.channel.value == name.value
            ]
            similar = nearest(name.value, sorted(notifications))
            if len(of_kind) == 1:
                (similar,) = of_kind
            context.report(
                error(
                    "OTC351",
                    f"hook `{name.value}` is not known",
                    name.span,
                    "neither `module:function` nor the id of a notification",
                    help=f"did you mean `{similar}`?"
                    if similar
                    else "write a function such as `acme.hooks:call_me`, or define a "
                    "notification with this id",
                    suggestion=similar,
                )
            )
        return None
    found = context.catalogue.imported(name.value)
    if isinstance(found, NotFound):
        return _missing(context, name, parts, found)
    return FunctionHook(*parts)


def _missing(
    context: Context, name: Located[str], parts: tuple[str, str], missing: NotFound
) -> Hook | None:
    module, function = parts
    if missing.candidates is not None:
        similar = nearest(function, missing.candidates)
        context.report(
            error(
                "OTC351",
                f"module `{module}` has no `{function}`",
                name.span,
                "no function of the module has this name",
                help=f"did you mean `{module}:{similar}`?" if similar else None,
                suggestion=f"{module}:{similar}" if similar else None,
            )
        )
        return None
    severity = context.options.unresolved
    context.report(
        broken_module(missing, name, severity)
        if missing.broken
        else Diagnostic(
            "OTC332",
            severity,
            f"module `{missing.module}` is not installed here",
            name.span,
            "this hook cannot be found",
            help="install the package, put the module next to the configuration, or build "
            "with `--allow-unresolved` to leave it to the run",
        )
    )
    return None if severity is Severity.ERROR else FunctionHook(module, function)
