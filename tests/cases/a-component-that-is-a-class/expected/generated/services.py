# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import EmbeddingClassifier, SqliteTicketSystem
from otac.runtime import build

from acme.pipes import Pager


def helpdesk() -> SqliteTicketSystem:
    """Service `helpdesk`."""
    return build(SqliteTicketSystem, path="helpdesk.db")


def classifier() -> EmbeddingClassifier:
    """Service `classifier`."""
    return build(EmbeddingClassifier)


def pager() -> Pager:
    """Service `pager`."""
    return build(Pager, number="+49 30 1234")
