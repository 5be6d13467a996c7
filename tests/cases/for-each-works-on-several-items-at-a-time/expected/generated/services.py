# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import EmbeddingClassifier, SqliteTicketSystem
from otac.runtime import build


def helpdesk() -> SqliteTicketSystem:
    """Service `helpdesk`."""
    return build(SqliteTicketSystem, path="helpdesk.db")


def classifier() -> EmbeddingClassifier:
    """Service `classifier`."""
    return build(
        EmbeddingClassifier,
        labels={"billing": "Invoices and refunds", "it": "Devices and software"},
    )
