"""The embedded ticket store."""

from otac.components.sqlite.ticket_system import SqliteTicketSystem

__all__ = ["SqliteTicketSystem"]
