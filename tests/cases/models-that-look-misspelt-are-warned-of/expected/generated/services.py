# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import HuggingFaceClassifier, SqliteTicketSystem
from otac.runtime import build


def topics() -> HuggingFaceClassifier:
    """Service `topics`."""
    return build(HuggingFaceClassifier, model_name="acme/ticket-queues-v1")


def ticket_system() -> SqliteTicketSystem:
    """Service `ticket_system`."""
    return build(SqliteTicketSystem, path="helpdesk.db")
