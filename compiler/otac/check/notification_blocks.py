"""Notifications that Prefect cannot send yet."""

import re
from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Literal, Notification, Project


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
