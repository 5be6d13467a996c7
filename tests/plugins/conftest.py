"""Plugins for Open Ticket AI 1.5, installed into a folder on Python's path."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from plugin_site import install

from otac.components import SqliteTicketSystem

_SEED = """
queues: {inbox: "", Billing: "", IT: ""}
tickets:
  - {queue: inbox, subject: Invoice, body: Please correct it., age: 3h}
  - {queue: inbox, subject: Password, body: It has expired., age: 2h}
  - {queue: inbox, subject: Hello, body: Nice weather., age: 1h}
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which all of them are installed."""
    folder = tmp_path_factory.mktemp("site")
    install(folder, "otai_acme")
    install(folder, "frozen_help")
    return folder


@pytest.fixture
def plugins(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """They can be imported."""
    # Not those of the source folder, which pytest put on the path.
    here = str(Path(__file__).parent)
    monkeypatch.setattr(sys, "path", [str(site), *(p for p in sys.path if p != here)])
    yield
    for name in list(sys.modules):
        if name.split(".")[0] in ("otai_acme", "frozen_help"):
            del sys.modules[name]


@pytest.fixture
def helpdesk(tmp_path: Path) -> SqliteTicketSystem:
    """Three tickets in `inbox`."""
    (tmp_path / "helpdesk.yml").write_text(_SEED, encoding="utf-8")
    return SqliteTicketSystem(path=str(tmp_path / "helpdesk.db"))
