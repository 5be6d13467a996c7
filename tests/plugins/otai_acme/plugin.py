from open_ticket_ai import Injectable, Plugin

from otai_acme.pipes import Greet, Leave, Report, Triage
from otai_acme.services import MemoryTickets, WordCounter


class AcmePlugin(Plugin):
    def _get_all_injectables(self) -> list[type[Injectable]]:
        return [Greet, Triage, Report, Leave, MemoryTickets, WordCounter]
