# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import KeywordClassifier
from otac.runtime import build


def topics() -> KeywordClassifier:
    """Service `topics`."""
    return build(KeywordClassifier, labels={"billing": ["invoice"]})
