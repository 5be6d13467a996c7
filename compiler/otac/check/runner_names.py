"""Names in a project: runners that collide, notifications without a block, unused services."""

import re
from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, Label, error, warning
from otac.lower.project import (
    FunctionHook,
    Literal,
    Notification,
    Project,
    calls,
)
from otac.lower.reserved import DEVICES, KEYWORDS, module_name
from otac.source.document import Span


def check_runner_names(project: Project) -> Iterator[Diagnostic]:
    """Ids that no file can have, and ids that become the same file."""
    modules: dict[str, tuple[str, Span]] = {}
    packages = _packages(project)
    for runner in project.runners:
        name = runner.id
        if name in KEYWORDS:
            yield error(
                "OTC312",
                f"`{name}` cannot be the id of a runner",
                runner.origin,
                "it is a word of Python, and the runner becomes a Python module",
                help=f"write `{name}_runner`, for example",
                suggestion=f"{name}_runner",
            )
            continue
        if name.split(".")[0].lower() in DEVICES:
            yield error(
                "OTC312",
                f"`{name}` cannot be the id of a runner",
                runner.origin,
                "Windows keeps this name for a device, and the runner becomes a file",
                help=f"write `runner_{name}`, for example",
                suggestion=f"runner_{name}",
            )
            continue
        if not any(character.isalnum() for character in name):
            yield error(
                "OTC312",
                f"`{name}` cannot be the id of a runner",
                runner.origin,
                "it has neither a letter nor a digit",
            )
            continue
        module = module_name(name)
        if module in packages:
            yield error(
                "OTC364",
                f"runner `{name}` would hide the package `{module}`",
                runner.origin,
                f"it becomes `generated/flows/{module}.py`, which is found first",
                help="give the runner another `pipe_id`",
            )
        first = modules.get(module)
        if first is not None and first[0] != name:
            yield error(
                "OTC311",
                f"runners `{first[0]}` and `{name}` become the same module",
                runner.origin,
                f"this becomes `generated/flows/{module}.py` too",
                labels=(Label(first[1], "this is the first one"),),
                help="give one of them another `pipe_id`",
            )
        modules.setdefault(module, (name, runner.origin))


def _packages(project: Project) -> frozenset[str]:
    """The top-level packages that generated modules import, otac's own aside."""
    modules = {service.component.module for service in project.services}
    for runner in project.runners:
        modules.update(call.component.module for _, call in calls(runner.steps))
        hooks = runner.hooks
        for hook in (*hooks.on_failure, *hooks.on_completion, *hooks.on_crashed):
            if isinstance(hook, FunctionHook):
                modules.add(hook.module)
    return frozenset(module.split(".")[0] for module in modules) - {"otac", ""}


# Notifications that Prefect cannot send yet.
def check_notification_blocks(project: Project) -> Iterator[Diagnostic]:
    """Warn of automations that are created switched off.

    An automation names its block by an id, and only a server knows ids.
    """
    for notification in project.notifications:
        # One without an address is an error already.
        if not notification.settings or notification.in_flow:
            continue
        if not _has_block_id(notification):
            yield warning(
                "OTC365",
                f"notification `{notification.id}` is switched off until it has a block",
                notification.origin,
                "a Prefect automation names its block by an id that only the server knows",
                help="`otac deploy` makes the block and switches it on; or add "
                "`in_flow: true` to let the run itself send it",
            )


# As `prefect block ls` shows it, or without the hyphens.
_ID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


def _has_block_id(notification: Notification) -> bool:
    return any(
        setting.name == "block"
        and isinstance(setting.value, Literal)
        and _ID.fullmatch(str(setting.value.data)) is not None
        for setting in notification.settings
    )


# Services that no step uses.
def check_unused_services(project: Project) -> Iterator[Diagnostic]:
    """Warn of services that nothing is handed."""
    for service in project.unused_services:
        yield warning(
            "OTC388",
            f"service `{service.title}` is not used",
            service.origin,
            "no step takes it",
            help=f"hand it to a step with `injects: {{...: {service.title}}}`, or remove it",
        )
