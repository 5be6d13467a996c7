"""Notifications: who is told, and where the address comes from."""

import re

from otac.catalogue import NotFound, split
from otac.config.model import Located, NotificationConfig, RunPolicyConfig
from otac.diagnostics.diagnostic import Diagnostic, Label, Severity, error
from otac.diagnostics.edit import Correction, Edit, Safety
from otac.diagnostics.suggest import nearest
from otac.lower.components import broken_module
from otac.lower.context import Context
from otac.lower.literal_values import lower_value
from otac.lower.project import (
    Argument,
    FunctionHook,
    Hook,
    Hooks,
    Literal,
    Notification,
    NotificationHook,
    Template,
)
from otac.source.document import Span

# One address is enough; the first is the one a message asks for.
_ADDRESSES = {
    "slack": ("url", "block"),
    "teams": ("url", "block"),
    "webhook": ("url", "block"),
    "apprise": ("url", "block"),
    "email": ("smtp", "block"),
}
_LATE_AFTER = 60.0


def lower_notifications(context: Context) -> tuple[Notification, ...]:
    """All notifications of the configuration."""
    runners = [runner.id.value for runner in context.config.runners]
    first: dict[str, Span] = {}
    lowered: list[Notification] = []
    for config in context.config.notifications:
        if config.id.value in first:
            context.report(
                error(
                    "OTC310",
                    f"notification `{config.id.value}` is defined twice",
                    config.id.span,
                    "ids of notifications are unique",
                    labels=(Label(first[config.id.value], "first defined here"),),
                )
            )
        first.setdefault(config.id.value, config.id.span)
        _check_runners(context, config, runners)
        _check_settings(context, config)
        events = tuple(event.value for event in config.events) or ("failed", "crashed")
        lowered.append(
            Notification(
                id=config.id.value,
                channel=config.channel.value,
                events=events,
                runners=tuple(name.value for name in config.runners),
                in_flow=config.in_flow,
                late_after_seconds=_LATE_AFTER
                if config.late_after is None
                else config.late_after.value,
                subject=None if config.subject is None else config.subject.value,
                message=None if config.message is None else config.message.value,
                settings=tuple(
                    Argument(setting.name, lower_value(setting.value))
                    for setting in config.settings
                ),
                origin=config.id.span,
            )
        )
    return tuple(lowered)


def _check_runners(
    context: Context, config: NotificationConfig, runners: list[str]
) -> None:
    if "orchestrator" in context.config.damaged_sections:
        return
    for name in config.runners:
        if name.value not in runners:
            similar = nearest(name.value, runners)
            context.report(
                error(
                    "OTC350",
                    f"runner `{name.value}` is not defined",
                    name.span,
                    "no runner has this `pipe_id`",
                    help=f"did you mean `{similar}`?" if similar else None,
                    suggestion=similar,
                )
            )


def _check_settings(context: Context, config: NotificationConfig) -> None:
    given = {setting.name: setting for setting in config.settings}
    channel = config.channel.value
    addresses = _ADDRESSES[channel]
    if not given.keys() & set(addresses) and not context.damaged(config.span):
        context.report(
            error(
                "OTC352",
                f"notification `{config.id.value}` has no address",
                config.id.span,
                f"`{channel}` needs `{addresses[0]}`, or `{addresses[1]}`",
                help=f"add `{addresses[0]}: \"{{{{ secret('my-address') }}}}\"`",
            )
        )
    if channel == "email" and "to" not in given and "block" not in given:
        context.report(
            error(
                "OTC352",
                f"notification `{config.id.value}` has no recipient",
                config.id.span,
                "`email` needs `to`",
                help="add `to: ops@example.com`",
            )
        )
    for name, setting in given.items():
        if name in ("to",) and channel != "email":
            context.report(
                error(
                    "OTC352",
                    f"`{name}` does not belong to `{channel}`",
                    setting.key.span,
                    "only `email` has recipients",
                )
            )
        value = lower_value(setting.value)
        if name in ("url", "smtp") and isinstance(value, Literal):
            context.report(
                error(
                    "OTC353",
                    f"`{name}` of a notification must come from `secret()` or "
                    "`get_env()`",
                    setting.value.span,
                    "who knows this address can write there",
                    help="store it as a Prefect Secret block and write "
                    "`\"{{ secret('my-address') }}\"`",
                    proposed=_from_environment(
                        config.id.value, name, setting.value.span
                    ),
                )
            )
        if config.in_flow is False and isinstance(value, Template) and name == "block":
            context.report(
                error(
                    "OTC352",
                    "`block` must be the name of a block",
                    setting.value.span,
                    "this is an expression",
                )
            )


def _from_environment(notification: str, name: str, place: Span) -> Correction:
    variable = re.sub(r"\W+", "_", f"{notification}_{name}").strip("_").upper()
    return Correction(
        (Edit(place, f"\"{{{{ get_env('{variable}') }}}}\""),),
        f"replace with `\"{{{{ get_env('{variable}') }}}}\"`",
        Safety.PLACEHOLDER,
        f"set `{variable}` where runs happen",
    )


# State hooks: `module:function`, or the id of a notification.
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
