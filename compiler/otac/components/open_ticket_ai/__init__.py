"""Components that were written for Open Ticket AI 1.5."""

from otac.components.open_ticket_ai.adapter import adaptable, make_service, run_pipe
from otac.components.open_ticket_ai.recognition import dependencies
from otac.components.open_ticket_ai.shim import install

__all__ = ["adaptable", "dependencies", "install", "make_service", "run_pipe"]
