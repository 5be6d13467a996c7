# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import EmbeddingClassifier, KeywordClassifier, SqliteTicketSystem
from otac.runtime import build


def helpdesk() -> SqliteTicketSystem:
    """Service `helpdesk`."""
    return build(SqliteTicketSystem, path="data/helpdesk.db")


def by_keyword() -> KeywordClassifier:
    """Service `by_keyword`."""
    return build(
        KeywordClassifier,
        labels={"billing": ["invoice", "refund*"], "it": ["printer", "vpn"]},
    )


def by_meaning() -> EmbeddingClassifier:
    """Service `by_meaning`."""
    return build(EmbeddingClassifier, labels={"billing": "Invoices and refunds"})
