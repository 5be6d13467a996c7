"""`otac deploy` asks somebody who sits at a terminal."""

from pathlib import Path
from typing import Any

import pytest
from stand_in import Serve

from command import OTAC
from terminal import on_a_terminal


def _at_a_terminal(folder: Path, url: str, answer: str) -> tuple[int, str]:
    """The status, and what the terminal shows."""
    status, shown = on_a_terminal(
        [OTAC, "deploy", "config.yml", "--no-import"],
        folder,
        answer,
        PREFECT_API_URL=url,
        NO_COLOR="1",
    )
    return status, shown.replace("\r\n", "\n")


def _without_pools(method: str, path: str, body: Any) -> tuple[int, Any] | None:
    return (200, []) if path == "/work_pools/filter" else None


@pytest.mark.parametrize("answer", ["n\n", "\n", "\x04"])
def test_no_is_no(built: Path, serve: Serve, answer: str) -> None:
    server = serve(_without_pools)
    status, shown = _at_a_terminal(built, server.url, answer)
    assert status == 0
    assert "apply 2 changes? [y/N] " in shown
    assert server.writes == []


def test_yes_is_yes_to_what_is_shown(built: Path, serve: Serve) -> None:
    """A work pool that is missing is in the plan, so the answer holds for it, too."""
    server = serve(_without_pools)
    status, shown = _at_a_terminal(built, server.url, "y\n")
    assert status == 0
    assert "+ work pool default: create" in shown
    assert "+ deployment triage: create" in shown
    assert "config.yml: 2 applied" in shown
    assert server.writes == [
        ("POST", "/work_pools/"),
        ("POST", "/flows/"),
        ("POST", "/deployments/"),
    ]
