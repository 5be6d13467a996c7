# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import SqliteTicketSystem, TrainedClassifier
from otac.runtime import build


def helpdesk() -> SqliteTicketSystem:
    """Service `helpdesk`."""
    return build(SqliteTicketSystem, path="helpdesk.db")


def classifier() -> TrainedClassifier:
    """Service `classifier`."""
    return build(TrainedClassifier, model="models/queues.otac")
