# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import SqliteTicketSystem
from otac.runtime import build

from otai_acme.services import WordCounter


def words() -> WordCounter:
    """Service `words`."""
    return build(WordCounter, words={"IT": "vpn"})


def ticket_system() -> SqliteTicketSystem:
    """Service `ticket_system`."""
    return build(SqliteTicketSystem, path="helpdesk.db")
