from collections.abc import Callable
from pathlib import Path

import pytest

from otac.components import SqliteTicketSystem

SEED = """
queues:
  inbox: Where tickets arrive
  Billing: invoices and payments
  IT: computers and passwords
tickets:
  - {queue: inbox, subject: Invoice, body: Please correct the invoice., age: 3h}
  - {queue: inbox, subject: Password, body: My password has expired., age: 2h}
  - {queue: inbox, subject: Hello, body: Nice weather., age: 1h}
  - {queue: IT, subject: Screen, body: It flickers., age: 3d, customer: eva@example.com}
"""


@pytest.fixture
def store(tmp_path: Path) -> Callable[[str], SqliteTicketSystem]:
    """Makes a store from the text of a seed."""

    def make(seed: str = SEED) -> SqliteTicketSystem:
        (tmp_path / "helpdesk.yml").write_text(seed, encoding="utf-8")
        return SqliteTicketSystem(path=str(tmp_path / "helpdesk.db"))

    return make


@pytest.fixture
def helpdesk(store: Callable[..., SqliteTicketSystem]) -> SqliteTicketSystem:
    """Tickets 1 to 3 in `inbox`, 4 in `IT`."""
    return store()
