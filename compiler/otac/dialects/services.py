"""Services of older releases -> the mapping of today."""

from typing import cast

from otac.config.schema import Schema
from otac.config.shape import check_shape
from otac.dialects import names
from otac.dialects.components import modern_service
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, added, entry, mapping, renamed
from otac.dialects.pipes import Pipes
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_KEYS = frozenset(("id", "uid", "use", "injects", "params"))
_PIPES = frozenset(
    (
        "AddNote",
        "CheckEscalations",
        "Classify",
        names.COMPOSITE,
        "CreateTicket",
        "Expression",
        "FetchTickets",
        "ProcessTickets",
        "UpdateTicket",
    )
)


class ServiceDefinitions:
    """The services of a document, wherever its dialect keeps them.

    Lists and mappings of definitions also hold what anchors were put on: pipes, search
    criteria. An entry is a service if it has a `use` that names no pipe.
    """

    def __init__(self, sections: list[Entry], service: Schema, found: Findings) -> None:
        self.entries: Entries = {}
        for section in sections:
            for name, node in _services(section.value):
                self._add(name, node, service, found)

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self.entries)

    @property
    def has_model(self) -> bool:
        """Whether one of them is a Hugging Face classifier."""
        return any(
            (known := names.today(_use(entry).text)) is not None
            and known.name == names.HUGGING_FACE
            for entry in self.entries.values()
        )

    def translated(self, pipes: Pipes, models: dict[str, Mapping]) -> Entries:
        """All services by id; `models` are those that pipes bring along."""
        found: Entries = {}
        for name, one in self.entries.items():
            node = cast(Mapping, one.value)
            use = node.entries["use"]
            known = names.today(_use(one).text)
            today = _use(one) if known is None else renamed(_use(one), known.name)
            entries = entry(use.key, "use", today)
            given = modern_service(_use(one), _parameters(node))
            if given:
                params = pipes.value(mapping(given, node), None)
                entries |= added("params", params, node)
            found[name] = Entry(one.key, mapping(entries, node))
        for name, service in models.items():
            found |= added(name, service, service)
        return found

    def _add(
        self, name: Scalar, node: Mapping, service: Schema, found: Findings
    ) -> None:
        shape = check_shape(node, service, "a service")
        found.include(shape)
        if not shape.fits or names.is_renderer(cast(Scalar, node.get("use")).text):
            return
        # A second one of the same id is reported when both are lowered.
        key = name.text
        while key in self.entries:
            key += " "
        self.entries[key] = Entry(name, node)


def _services(node: Node) -> list[tuple[Scalar, Mapping]]:
    pairs: list[tuple[Scalar, Mapping]] = []
    if isinstance(node, Mapping):
        pairs = [(e.key, e.value) for e in node if isinstance(e.value, Mapping)]
    elif isinstance(node, Sequence):
        for item in node.items:
            name = item.get("id") if isinstance(item, Mapping) else None
            if isinstance(name, Scalar) and isinstance(item, Mapping):
                pairs.append((name, item))
    return [(name, item) for name, item in pairs if _is_service(item)]


def _is_service(node: Mapping) -> bool:
    use = node.get("use")
    if not isinstance(use, Scalar) or "steps" in node.entries:
        return False
    known = names.today(use.text)
    return known is None or known.name not in _PIPES


def _use(one: Entry) -> Scalar:
    return cast(Scalar, cast(Mapping, one.value).get("use"))


def _parameters(node: Mapping) -> Entries:
    """Under `params` and beside `use`."""
    found = {key: one for key, one in node.entries.items() if key not in _KEYS}
    params = node.get("params")
    return {**found, **(params.entries if isinstance(params, Mapping) else {})}
