# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import SqliteTicketSystem
from otac.runtime import build


def helpdesk() -> SqliteTicketSystem:
    """Service `helpdesk`."""
    return build(SqliteTicketSystem, path="helpdesk.db")
