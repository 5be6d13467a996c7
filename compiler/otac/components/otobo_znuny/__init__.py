"""Znuny, OTOBO and their relatives, through the Generic Interface."""

from otac.components.otobo_znuny.ticket_system import OTOBOZnunyTicketSystem

__all__ = ["OTOBOZnunyTicketSystem"]
