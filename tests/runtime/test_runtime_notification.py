"""Notifications reach a real server, and never fail a run."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Failed
from stand_ins import Inbox

from otac.runtime import Template, notify

ID = UUID("00000000-0000-0000-0000-000000000001")


@pytest.fixture
def address(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> str:
    host = f"127.0.0.1:{inbox.server_port}"
    monkeypatch.setenv("OPS_HOST", host)
    return host


def fail_with(hook: Any) -> None:
    """As Prefect calls a hook after a failure."""

    @flow(name="triage")
    def triage() -> None: ...

    run = FlowRun.model_construct(id=ID, name="busy-bee")
    state: State[Any] = Failed(message="step `a` failed: x < y & z")
    asyncio.run(hook(flow=triage, flow_run=run, state=state))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_webhook_that_has_moved_is_not_sent(
    inbox: Inbox, address: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.status = status
    inbox.elsewhere = f"http://{address}/elsewhere"
    with caplog.at_level(logging.WARNING):
        fail_with(notify("webhook", url=Template("http://{{ env.OPS_HOST }}/hook")))
    # Once, and never to where it was sent: the message is for one address alone.
    assert [one["flow"] for one in inbox.received] == ["triage"]
    assert f"the server answered HTTP {status}" in caplog.text
    assert "elsewhere" not in caplog.text


def test_webhook(inbox: Inbox, address: str) -> None:
    hook = notify("webhook", url=Template("http://{{ env.OPS_HOST }}/hook"))
    assert hook.__name__ == "notify_webhook"
    fail_with(hook)
    (body,) = inbox.received
    url = body.pop("url")
    assert url == "" or str(ID) in url
    assert body == {
        "subject": "triage: Failed",
        "message": "\n".join(
            filter(
                None,
                [
                    "Run busy-bee of triage is Failed.",
                    "step `a` failed: x < y & z",
                    url,
                ],
            )
        ),
        "flow": "triage",
        "flow_run": "busy-bee",
        "flow_run_id": str(ID),
        "state": "Failed",
        "reason": "step `a` failed: x < y & z",
    }


def test_slack(inbox: Inbox, address: str) -> None:
    fail_with(notify("slack", url=f"http://{address}", subject="A & B", message="<!>"))
    assert inbox.received == [{"text": "*A &amp; B*\n&lt;!&gt;"}]


def test_teams(inbox: Inbox, address: str) -> None:
    fail_with(notify("teams", url=f"http://{address}", subject="Oh", message="No"))
    (body,) = inbox.received
    assert body["type"] == "message"
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    blocks = attachment["content"]["body"]
    assert [block["text"] for block in blocks] == ["Oh", "No"]


def test_apprise(inbox: Inbox, address: str) -> None:
    fail_with(notify("apprise", url=f"json://{address}", subject="Oh", message="No"))
    (body,) = inbox.received
    assert (body["title"], body["message"]) == ("Oh", "No")


def test_an_email_goes_to_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    from otac.runtime import channels

    sent: list[str] = []
    monkeypatch.setattr(channels, "_send_by_apprise", lambda url, _: sent.append(url))
    server = "mailtos://bot:pw@host"
    fail_with(notify("email", smtp=server, to=["a@x.org", "b@x.org"]))
    fail_with(notify("email", smtp=f"{server}?from=me", to="a@x.org"))
    fail_with(notify("email", smtp=server))
    assert sent == [
        "mailtos://bot:pw@host?to=a%40x.org%2Cb%40x.org",
        "mailtos://bot:pw@host?from=me&to=a%40x.org",
        "mailtos://bot:pw@host",
    ]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (
            lambda host: notify("webhook", url=f"http://{host}/hidden"),
            "webhook was not sent: the server answered HTTP 500",
        ),
        (
            lambda host: notify("slack", url="http://127.0.0.1:1/hidden"),
            "slack was not sent: no answer (ConnectionRefusedError)",
        ),
        (
            lambda host: notify("slack", url="file:///hidden"),
            "slack was not sent: the address is not an HTTP one",
        ),
        (
            lambda host: notify("slack", url="http://[hidden"),
            "slack was not sent: the address is not an HTTP one",
        ),
        (lambda host: notify("teams"), "teams was not sent: `teams` needs `url`"),
        (
            lambda host: notify("apprise", url="hidden://address"),
            "apprise was not sent: the address is not one that Apprise knows",
        ),
        (
            lambda host: notify("apprise", url=f"json://{host}/hidden"),
            "apprise was not sent: Apprise could not deliver it",
        ),
        (
            lambda host: notify("slack", url=Template("{{ env.ABSENT_HOOK }}")),
            (
                "slack was not sent: `{{ env.ABSENT_HOOK }}`:"
                " the environment variable `ABSENT_HOOK` is not set"
            ),
        ),
    ],
)
def test_what_cannot_be_sent_is_one_line_without_the_address(
    make: Callable[[str], Any],
    reason: str,
    inbox: Inbox,
    address: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    inbox.status = 500
    fail_with(make(address))
    errors = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert errors == [f"notification by {reason}"]
    assert "hidden" not in caplog.text
