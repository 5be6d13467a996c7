from typing import Any
from uuid import UUID

import pytest
import yaml
from ir import Jinja, notification, project, runner, step

from otac.emit import emit
from otac.lower.project import Notification

BLOCK = "12345678-1234-5678-1234-567812345678"
A = runner("a", step("x", "otac.components:Expression"))
B = runner("b", step("x", "otac.components:Expression"))


def automations(*of: Notification) -> list[dict[str, Any]]:
    artifacts = emit(project(A, B, notifications=of)).artifacts
    (text,) = (a.text for a in artifacts if a.path == "generated/automations.yaml")
    found: list[dict[str, Any]] = yaml.safe_load(text)["automations"]
    return found


def test_a_notification_becomes_an_automation() -> None:
    ops = notification("ops", "slack", "failed", settings={"block": BLOCK})
    assert automations(ops) == [
        {
            "name": "open-ticket-ai: ops (failed)",
            "description": "Tells `ops` of runs that are failed.",
            "enabled": True,
            "trigger": {
                "type": "event",
                "posture": "Reactive",
                "expect": ["prefect.flow-run.Failed", "prefect.flow-run.TimedOut"],
                "within": 0,
                "threshold": 1,
                "match": {"prefect.resource.id": "prefect.flow-run.*"},
                "match_related": {
                    "prefect.resource.role": "deployment",
                    "prefect.resource.name": ["a", "b"],
                },
            },
            "actions": [
                {
                    "type": "send-notification",
                    "block_document_id": BLOCK,
                    "subject": "{{ flow.name }}: {{ flow_run.state.name }}",
                    "body": (
                        "Run {{ flow_run.name }} of {{ flow.name }} is "
                        "{{ flow_run.state.name }}.\n"
                        "{{ flow_run.state.message }}\n"
                        "{{ flow_run | ui_url }}\n"
                    ),
                }
            ],
        }
    ]


def test_a_notification_can_be_for_some_runners_only() -> None:
    (found,) = automations(notification("ops", "slack", "crashed", runners=("b",)))
    assert found["trigger"]["expect"] == ["prefect.flow-run.Crashed"]
    assert found["trigger"]["match_related"]["prefect.resource.name"] == ["b"]


@pytest.mark.parametrize(
    ("channel", "settings", "block"),
    [
        ("slack", {"url": Jinja("{{ secret('hook') }}")}, "slack-webhook/ops"),
        ("teams", {"block": "them"}, "ms-teams-webhook/them"),
        ("webhook", {"block": "opsgenie-webhook/x"}, "opsgenie-webhook/x"),
        ("email", {"smtp": "mailtos://x"}, "sendgrid-email/ops"),
    ],
)
def test_an_automation_without_a_block_id_is_off_and_says_so(
    channel: str, settings: dict[str, Any], block: str
) -> None:
    (found,) = automations(notification("ops", channel, "failed", settings=settings))
    assert found["enabled"] is False
    assert found["description"].endswith(
        f" Not enabled until it has the block `{block}`."
    )
    assert found["actions"][0]["block_document_id"] == str(UUID(int=0))


def test_late_is_at_once_or_after_a_while() -> None:
    ops = notification("ops", "slack", "completed", "late", late_after=60.0)
    at_once, waiting = automations(ops)
    assert at_once["trigger"]["expect"] == [
        "prefect.flow-run.Completed",
        "prefect.flow-run.Stopped",
    ]
    assert waiting["trigger"]["posture"] == "Proactive"
    assert waiting["trigger"]["after"] == ["prefect.flow-run.Late"]
    assert waiting["trigger"]["expect"] == ["prefect.flow-run.*"]
    assert waiting["trigger"]["for_each"] == ["prefect.resource.id"]
    assert waiting["trigger"]["within"] == 45
    (soon,) = automations(notification("ops", "slack", "late", late_after=15.0))
    assert soon["trigger"]["posture"] == "Reactive"
    (shortest,) = automations(notification("ops", "slack", "late", late_after=16.0))
    assert shortest["trigger"]["within"] == 10


def test_the_users_text_is_no_template_of_prefects() -> None:
    ops = notification(
        *("ops", "slack", "failed"), subject="{{ a }} {{{", message="{% b %}{# c #}{d}"
    )
    (action,) = automations(ops)[0]["actions"]
    jinja = pytest.importorskip("jinja2").Environment()
    assert jinja.from_string(action["subject"]).render() == "{{ a }} {{{"
    assert jinja.from_string(action["body"]).render() == "{% b %}{# c #}{d}"


def test_there_is_no_file_without_need() -> None:
    quiet = notification("ops", "slack", "failed", in_flow=True)
    for notifications in ((), (quiet,)):
        artifacts = emit(project(A, notifications=notifications)).artifacts
        assert not any("automations" in artifact.path for artifact in artifacts)
    nobody = project(notifications=(notification("ops", "slack", "failed"),))
    assert [artifact.path for artifact in emit(nobody).artifacts] == [
        "generated/__init__.py",
        "generated/flows/__init__.py",
    ]


def test_no_address_is_in_the_file() -> None:
    ops = notification(
        "ops", "slack", "failed", settings={"url": "https://hooks.test/x"}
    )
    artifacts = emit(project(A, notifications=(ops,))).artifacts
    assert not any("hooks.test" in artifact.text for artifact in artifacts)
