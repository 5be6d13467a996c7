"""What services are asked for, by the names of the protocols that say so.

The built-in components ask for all of them, so the catalogue knows.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from otac.catalogue.catalogue import built_in_entries
from otac.catalogue.component import UNKNOWN


class Protocol(NamedTuple):
    """The kind of service that it is, and the methods that such a service has."""

    kind: str
    methods: frozenset[str]


@cache
def protocols() -> Mapping[str, Protocol]:
    """`TicketSystem`, `ClaimingTicketSystem`, `Classifier` and their like, by name."""
    return {
        slot["protocol"]: Protocol(slot["kind"], frozenset(slot["methods"]))
        for entry in built_in_entries().values()
        for slot in entry["services"].values()
        if "protocol" in slot
    }


def kind_of(methods: frozenset[str]) -> str:
    """The kind of a service that has these methods."""
    kinds = {each.kind for each in protocols().values() if each.methods <= methods}
    return kinds.pop() if len(kinds) == 1 else UNKNOWN
