"""A folder for a project, and no Prefect server unless a test names one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from online_check import Check

from command import Finished, otac
from scripted_helpdesk import ScriptedHelpdesk


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """`otac check config.yml --online`, with the text of the configuration."""

    def check(config: str, *options: str, **environment: str) -> Finished:
        (tmp_path / "config.yml").write_text(config, encoding="utf-8")
        given = {"PREFECT_PROFILES_PATH": str(tmp_path / "no-profiles.toml")}
        command = ("check", "config.yml", "--online", "--format", "concise", *options)
        return otac(*command, cwd=tmp_path, timeout=300, **{**given, **environment})

    return check


@pytest.fixture
def helpdesk() -> Iterator[ScriptedHelpdesk]:
    server = ScriptedHelpdesk()
    yield server
    server.shutdown()
    server.server_close()
