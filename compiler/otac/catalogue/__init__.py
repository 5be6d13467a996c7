"""What components there are and what they take."""

from otac.catalogue.catalogue import (
    Catalogue,
    NotFound,
    built_in_catalogue,
    built_in_entries,
)
from otac.catalogue.lookup import known_components, read_record
from otac.catalogue.modules import look_up, split
from otac.catalogue.record import (
    CLASSIFIER,
    NOTIFIER,
    TICKET_SYSTEM,
    UNKNOWN,
    ComponentInfo,
    Record,
    ServiceSlot,
    component_info,
    encode_record,
)

__all__ = [
    "CLASSIFIER",
    "NOTIFIER",
    "TICKET_SYSTEM",
    "UNKNOWN",
    "Catalogue",
    "ComponentInfo",
    "NotFound",
    "Record",
    "ServiceSlot",
    "built_in_catalogue",
    "built_in_entries",
    "component_info",
    "encode_record",
    "known_components",
    "look_up",
    "read_record",
    "split",
]
