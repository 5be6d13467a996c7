# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import KeywordClassifier, SqliteTicketSystem
from otac.runtime import build


def email() -> SqliteTicketSystem:
    """Service `email`."""
    return build(SqliteTicketSystem, path="a.db")


def class_service() -> KeywordClassifier:
    """Service `class`."""
    return build(KeywordClassifier, labels={"a": ["b"]})


def my_service_v2() -> KeywordClassifier:
    """Service `my-service.v2`."""
    return build(KeywordClassifier, labels={"a": ["b"]})


def service_1() -> KeywordClassifier:
    """Service `1`."""
    return build(KeywordClassifier, labels={"a": ["b"]})


def build_service() -> KeywordClassifier:
    """Service `build`."""
    return build(KeywordClassifier, labels={"a": ["b"]})
