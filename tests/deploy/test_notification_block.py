"""The block of a notification: of which type, and what it holds."""

from pathlib import Path
from typing import Any

import pytest
from stand_in import Serve

from otac.deploy.api import Api
from otac.deploy.notification_block import NotificationBlock, Unsent, declared_block
from otac.deploy.settings import Settings
from otac.pipeline import CompileOptions, compile_configuration

_CONFIG = """\
notifications: [{{id: on-call, {settings}}}]
orchestrator: {{runners: [{{pipe_id: a, pipe: {{use: Expression, expression: 1}}}}]}}
"""


def _secret(method: str, path: str, body: Any) -> tuple[int, Any] | None:
    known = "/block_types/slug/secret/block_documents/name/hook?include_secrets=true"
    if path == known:
        return 200, {"data": {"value": "https://from-a-block"}}
    return (200, {"value": "v"}) if path == "/variables/name/v" else None


def _block(settings: str, serve: Serve) -> object:
    text = _CONFIG.format(settings=settings).encode()
    compiled = compile_configuration("config.yml", text, Path(), CompileOptions())
    assert compiled.project is not None, compiled.report.diagnostics
    with Api(Settings(serve(_secret).url, {})) as api:
        return declared_block("Help Desk.1", compiled.project.notifications[0], api)


@pytest.mark.parametrize(
    ("settings", "kind", "data"),
    [
        (
            "use: slack, url: \"{{ secret('hook') }}\"",
            "slack-webhook",
            {"url": "https://from-a-block"},
        ),
        (
            "use: teams, url: '{{ env.OTAC_HOOK }}/{{ variable(\"v\") }}'",
            "ms-teams-webhook",
            {"url": "https://hook/v"},
        ),
        (
            "use: webhook, url: \"{{ env.OTAC_NONE | default('https://d') }}\"",
            "custom-webhook",
            {
                "name": "on-call",
                "url": "{{ address }}",
                "secrets": {"address": "https://d"},
                "json_data": {"subject": "{{ subject }}", "message": "{{ body }}"},
            },
        ),
        (
            "use: apprise, url: \"{{ get_env('OTAC_HOOK') }}\"",
            "slack-webhook",
            {"url": "https://hook"},
        ),
        (
            "use: email, smtp: \"{{ env.OTAC_SMTP }}\", to: [a@b.c, '{{ env.OTAC_TO }}']",
            "slack-webhook",
            {"url": "mailtos://me:x@host?to=a%40b.c%2Cd%40e.f"},
        ),
    ],
)
def test_what_it_holds(
    settings: str,
    kind: str,
    data: dict[str, Any],
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTAC_HOOK", "https://hook")
    monkeypatch.setenv("OTAC_SMTP", "mailtos://me:x@host")
    monkeypatch.setenv("OTAC_TO", "d@e.f")
    block = _block(settings, serve)
    assert isinstance(block, NotificationBlock)
    assert (block.type, block.name) == (kind, "help-desk-1-on-call")
    assert block.data == data
    # Nobody sees an address who prints it by mistake.
    assert "data" not in repr(block)


@pytest.mark.parametrize(
    ("settings", "known"),
    [
        ("use: slack, block: ops", "slack-webhook/ops"),
        ("use: apprise, block: discord-webhook/ops", "discord-webhook/ops"),
        (
            "use: slack, block: 00000000-0000-0000-0000-000000000007",
            "00000000-0000-0000-0000-000000000007",
        ),
    ],
)
def test_one_that_somebody_else_makes(settings: str, known: str, serve: Serve) -> None:
    assert str(_block(settings, serve)) == known


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("{{ env.OTAC_NONE }}", "the environment variable `OTAC_NONE` is not set"),
        (
            "{{ get_env('OTAC_NONE') }}",
            "the environment variable `OTAC_NONE` is not set",
        ),
        ("{{ secret('none') }}", "there is no Secret block `none`"),
        ("{{ variable('none') }}", "there is no Prefect Variable `none`"),
        ("{{ env.OTAC_EMPTY }}", "its `url` is not text"),
    ],
)
def test_an_address_that_is_not_known(
    url: str, why: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTAC_EMPTY", "")
    with pytest.raises(Unsent) as raised:
        _block(f'use: slack, url: "{url}"', serve)
    assert why in str(raised.value)
