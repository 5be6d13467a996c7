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
    protocol).
    """

    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class ComponentInfo:
    """A component as the checks and the lowering see it.

    `kind` is `pipe`, one of those, or `unknown`. `parameters` is the schema of its parameters, or None where they are not known; `results` are the keys of what it
    returns, or None where they are not known, and `result` is the schema of that.
    """

    name: str
    kind: str
    module: str
    attribute: str
    parameters: Schema | None
    services: Mapping[str, ServiceSlot] = field(
        default_factory=lambda: MappingProxyType({})
    )
    results: tuple[str, ...] | None = None
    result: Schema | None = None
    network: bool = False
