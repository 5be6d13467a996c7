# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import KeywordClassifier, SqliteTicketSystem
from otac.runtime import build


def desk() -> SqliteTicketSystem:
    """Service `desk`."""
    return build(SqliteTicketSystem, path="a.db")


def model() -> KeywordClassifier:
    """Service `model`."""
    return build(KeywordClassifier, labels={"Bills": ["invoice"], "Other": ["hello"]})
