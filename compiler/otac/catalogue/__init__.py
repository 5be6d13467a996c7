"""What components there are and what they take."""

from otac.catalogue.catalogue import Catalogue, Missing, built_in_catalogue
from otac.catalogue.component import (
    CLASSIFIER,
    TICKET_SYSTEM,
    UNKNOWN,
    ComponentInfo,
    ServiceSlot,
)
from otac.catalogue.modules import look_up, split

__all__ = [
    "CLASSIFIER",
    "TICKET_SYSTEM",
    "UNKNOWN",
    "Catalogue",
    "ComponentInfo",
    "Missing",
    "ServiceSlot",
    "built_in_catalogue",
    "look_up",
    "split",
]
