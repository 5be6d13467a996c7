"""A pipe of a dialect, taken apart."""

from dataclasses import dataclass, field
from typing import cast

from otac.dialects.dialect import Spelling
from otac.source.document import Entry, Mapping, Scalar, Sequence

_KEYS = frozenset(
    (
        "id",
        "uid",
        "use",
        "injects",
        "params",
        "steps",
        "if",
        "depends_on",
        "retries",
        "retry_delay_seconds",
    )
)
# What later releases have beside `params`; `priority` and its like are the runner's.
_LATER_KEYS = frozenset(("retry", "timeout", "priority", "concurrency", "retry_scope"))


@dataclass(slots=True)
class Parts:
    """The entries of a pipe by what they are for.

    `rest` are keys with a meaning of their own in some dialects only: `retry`, `timeout`.
    """

    node: Mapping
    id: Entry | None = None
    use: Entry | None = None
    steps: Entry | None = None
    condition: Entry | None = None
    depends_on: Entry | None = None
    injects: dict[str, Entry] = field(default_factory=dict)
    parameters: dict[str, Entry] = field(default_factory=dict)
    rest: dict[str, Entry] = field(default_factory=dict)

    @property
    def use_text(self) -> str:
        """What `use` says, or nothing."""
        return "" if self.use is None else cast(Scalar, self.use.value).text


def take_apart(node: Mapping, spelling: Spelling) -> Parts:
    """The parts of a pipe whose shape was checked."""
    entries = node.entries
    parts = Parts(
        node,
        entries.get("id"),
        entries.get("use"),
        entries.get("steps"),
        entries.get("if"),
        entries.get("depends_on"),
    )
    parts.injects.update(_inside(entries.get("injects")))
    for key, entry in entries.items():
        if key == "params":
            parts.parameters.update(_inside(entry))
        elif spelling.flat and key == "services":
            parts.injects.update(_inside(entry))
        elif spelling.flat and key == "when" and parts.condition is None:
            parts.condition = entry
        elif key not in _KEYS and spelling.flat:
            parts.parameters[key] = entry
        elif key in _LATER_KEYS or key in ("retries", "retry_delay_seconds"):
            parts.rest[key] = entry
    if spelling.steps_in_params and parts.steps is None:
        found = parts.parameters.get("steps")
        if found is not None and not isinstance(found.value, Scalar):
            parts.steps = parts.parameters.pop("steps")
    return parts


def steps_of(parts: Parts) -> list[Mapping]:
    """The pipes inside a composite."""
    if parts.steps is None:
        return []
    value = parts.steps.value
    if isinstance(value, Sequence):
        return [item for item in value.items if isinstance(item, Mapping)]
    return [value] if isinstance(value, Mapping) else []


def _inside(entry: Entry | None) -> dict[str, Entry]:
    if entry is None or not isinstance(entry.value, Mapping):
        return {}
    return entry.value.entries
