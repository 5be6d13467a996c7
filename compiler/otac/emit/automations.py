"""The automations that send notifications: `generated/automations.yaml`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from otac.emit.literal import comment
from otac.emit.schedule import COMPLETED, CRASHED, FAILED, LATE
from otac.emit.templates import render
from otac.lower.project import Literal, Notification, Project
from otac.source.document import Json

_EVENTS = {"failed": FAILED, "crashed": CRASHED, "completed": COMPLETED, "late": LATE}
# The blocks that come with Prefect. It has none for Apprise addresses in general: those
# are for flows that send their notifications themselves.
_BLOCK_TYPES = {
    "slack": "slack-webhook",
    "teams": "ms-teams-webhook",
    "email": "sendgrid-email",
    "webhook": "custom-webhook",
    "apprise": "apprise",
}
# Prefect calls a run late when it is so many seconds late, and notices that something did
# not happen after as many seconds at least.
_LATE_SECONDS = 15
SHORTEST_WAIT = 10

_NO_BLOCK = UUID(int=0)
_SUBJECT = "{{ flow.name }}: {{ flow_run.state.name }}"
_BODY = """\
Run {{ flow_run.name }} of {{ flow.name }} is {{ flow_run.state.name }}.
{{ flow_run.state.message }}
{{ flow_run | ui_url }}
"""
_JINJA = re.compile(r"\{(?=[{%#])")


@dataclass(frozen=True, slots=True)
class AutomationEntry:
    """One entry of the file.

    Without `wait` it acts on each of the events. With it, it acts when nothing else has
    happened to the run so many seconds after the event.

    An action names its block by an id that the server chose when the block was made. Where
    only a name is known, the automation is not `enabled`: Prefect takes it, and nobody has
    reason to believe that he will be told.
    """

    name: str
    description: str
    events: Sequence[str]
    wait: int | None
    runners: Sequence[str]
    enabled: bool
    block: UUID
    subject: str
    body: str

    def content(self) -> dict[str, Json]:
        """What Prefect is told, in a file and by its API."""
        return {
            "name": self.name,
            "description": self.description,
            "enabled": self.enabled,
            "trigger": self.trigger(),
            "actions": [self.action()],
        }

    def trigger(self) -> dict[str, Json]:
        """Events of the runs of these runners, or that there were none."""
        events: list[Json] = [*self.events]
        when: dict[str, Json]
        if self.wait is None:
            when = {"posture": "Reactive", "expect": events, "within": 0}
        else:
            when = {
                "posture": "Proactive",
                "after": events,
                "expect": ["prefect.flow-run.*"],
                "for_each": ["prefect.resource.id"],
                "within": self.wait,
            }
        return {
            "type": "event",
            **when,
            "threshold": 1,
            "match": {"prefect.resource.id": "prefect.flow-run.*"},
            "match_related": {
                "prefect.resource.role": "deployment",
                "prefect.resource.name": [*self.runners],
            },
        }

    def action(self) -> dict[str, Json]:
        """Sending it through the block."""
        return {
            "type": "send-notification",
            "block_document_id": str(self.block),
            "subject": self.subject,
            "body": self.body,
        }


def automations_file(project: Project) -> str | None:
    """The file's text, or None where no notification asks for an automation."""
    automations = [
        automation
        for notification in project.notifications
        if project.runners and not notification.in_flow
        for automation in automations_of(
            project, notification, block_reference(notification)
        )
    ]
    if not automations:
        return None
    return render(
        "automations.yaml.jinja",
        source=comment(project.source),
        automations=automations,
        complete=all(automation.enabled for automation in automations),
    )


def automations_of(
    project: Project, notification: Notification, block: UUID | str
) -> list[AutomationEntry]:
    """The automations of a notification that sends through a block.

    Where only the block's name is known, they are not enabled.
    """
    late = round(notification.late_after_seconds)
    waits = "late" in notification.events and late > _LATE_SECONDS
    at_once = [name for name in notification.events if name != "late" or not waits]
    automations: list[AutomationEntry] = []
    if at_once:
        automations.append(_automation(project, notification, block, at_once, None))
    if waits:
        wait = max(late - _LATE_SECONDS, SHORTEST_WAIT)
        automations.append(_automation(project, notification, block, ["late"], wait))
    return automations


def _automation(
    project: Project,
    notification: Notification,
    block: UUID | str,
    names: list[str],
    wait: int | None,
) -> AutomationEntry:
    runners = notification.runners or tuple(runner.id for runner in project.runners)
    words = " or ".join(names) + ("" if wait is None else f" for {wait} seconds more")
    known = isinstance(block, UUID)
    hint = "" if known else f" Not enabled until it has the block `{block}`."
    subject, message = notification.subject, notification.message
    return AutomationEntry(
        name=f"{project.name}: {notification.id} ({', '.join(names)})",
        description=f"Tells `{notification.id}` of runs that are {words}.{hint}",
        events=[event for name in names for event in _EVENTS[name]],
        wait=wait,
        runners=runners,
        enabled=known,
        block=block if isinstance(block, UUID) else _NO_BLOCK,
        subject=_SUBJECT if subject is None else _verbatim(subject),
        body=_BODY if message is None else _verbatim(message),
    )


def block_reference(notification: Notification) -> UUID | str:
    """The block's id, or `type/name`, which is how Prefect's UI and Python know it."""
    name = notification.id
    for setting in notification.settings:
        if setting.name == "block" and isinstance(setting.value, Literal):
            name = str(setting.value.data)
    try:
        return UUID(name)
    except ValueError:
        return name if "/" in name else f"{_BLOCK_TYPES[notification.channel]}/{name}"


def _verbatim(text: str) -> str:
    """The user's text in a place that Prefect renders as a template of its own."""
    return _JINJA.sub("{{ '{' }}", text)
