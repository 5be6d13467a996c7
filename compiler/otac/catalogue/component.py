"""What the compiler knows of a component without importing it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from otac.config.schema import Schema

TICKET_SYSTEM = "ticket_system"
CLASSIFIER = "classifier"
NOTIFIER = "notifier"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ServiceSlot:
    """A parameter that takes a service.

    `kind` is `ticket_system`, `classifier`, `notifier` or `unknown` (the component's own
    protocol). `methods` are those that it is asked for, as far as that is known.
    """

    kind: str
    required: bool
    methods: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ComponentInfo:
    """A component as the checks and the lowering see it.

    `kind` is `pipe`, one of those, or `unknown`. `parameters` is the schema of its
    parameters, `results` that of the mapping it returns; None where they are not known.
    `network` says that it talks to one and sets no timeout of its own. `stops` tells
    whether it can end a run by raising `Stop`; None where its source has not been read.
    `blocks` is a call with which an `async def` holds up everything else.
    """

    name: str
    kind: str
    module: str
    attribute: str
    parameters: Schema | None
    services: Mapping[str, ServiceSlot] = field(
        default_factory=lambda: MappingProxyType({})
    )
    results: Schema | None = None
    network: bool = False
    stops: bool | None = None
    methods: frozenset[str] | None = None
    blocks: str | None = None
