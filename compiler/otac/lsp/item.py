"""One thing to complete."""

from enum import Enum
from typing import NamedTuple


class ProposalKind(Enum):
    KEY = "key"
    VALUE = "value"
    COMPONENT = "component"
    SERVICE = "service"
    STEP = "step"
    RUNNER = "runner"
    FUNCTION = "function"
    VARIABLE = "variable"
    FIELD = "field"


class Proposal(NamedTuple):
    """`insert` takes the place of the characters from `start` to `end`."""

    label: str
    kind: ProposalKind
    start: int
    end: int
    insert: str
    detail: str = ""
    documentation: str = ""
