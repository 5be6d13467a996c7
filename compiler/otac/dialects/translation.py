"""What the translations of all dialects share: one document on its way to today's form."""

from typing import cast

from otac.config.schema import Schema
from otac.diagnostics.diagnostic import error
from otac.dialects import names
from otac.dialects.components import ComponentNames
from otac.dialects.dialect import Spelling
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, added, entry, made, mapping, renamed
from otac.dialects.pipes import Pipes
from otac.dialects.policies import Policies
from otac.dialects.rewriting import environment_names
from otac.dialects.services import ServiceDefinitions
from otac.dialects.surroundings import KnownEnvironment, environment, surroundings
from otac.dialects.triggers import Triggers
from otac.source.document import Document, Entry, Mapping, Node, Scalar, Sequence
from otac.source.scalar_position import subspan

_DEFINITIONS = ("defs", "services")


class Translators:
    """Translators for the parts of one document, and the runners made so far.

    `service` is the schema of an entry that turns out to be a service.
    """

    def __init__(
        self, body: Mapping, spelling: Spelling, service: Schema, found: Findings
    ) -> None:
        self.found = found
        sections = [body.entries[key] for key in _DEFINITIONS if key in body.entries]
        self.services = ServiceDefinitions(sections, service, found)
        self.components = ComponentNames(
            self.services.ids, has_model=self.services.has_model
        )
        self.policies = Policies(found)
        if spelling.tickets_are_value:
            words = spelling.words._replace(fetches=fetches(body))
            spelling = spelling._replace(words=words)
        self.pipes = Pipes(spelling, self.components, self.policies)
        self.triggers = Triggers(found)
        self._body = body
        self._runners: list[Node] = []
        self._names: set[str] = set()

    def runner(
        self, node: Mapping, name: Entry | None, pipe: Mapping, settings: Entries
    ) -> None:
        """Add a runner; without a name it gets one. `settings` are its other keys."""
        if name is None:
            entries = added("pipe_id", self._new_name(node), node)
        else:
            entries = entry(name.key, "pipe_id", cast(Scalar, name.value))
            self._names.add(cast(Scalar, name.value).text)
        place = node.entries.get("pipe") or node.entries.get("run")
        pipes = added("pipe", pipe, pipe)
        if place is not None:
            pipes = {"pipe": Entry(renamed(place.key, "pipe"), pipe)}
        self._runners.append(mapping({**entries, **pipes, **settings}, node))

    @property
    def shortest_interval(self) -> float | None:
        """Seconds between two runs of the runner that starts most often."""
        found = [
            value.value
            for runner in self._runners
            if isinstance(runner, Mapping)
            and isinstance(value := runner.get("interval_seconds"), Scalar)
        ]
        return min((float(cast(float, value)) for value in found), default=None)

    def document(
        self, document: Document, defaults: Entries, prefix: str = ""
    ) -> Mapping:
        """The canonical tree; `prefix` is what names in `env` begin with by default."""
        orchestrator = self._body.entries["orchestrator"].value
        check_environment(document, environment(self._body, prefix), self.found)
        services = self.services.translated(self.pipes, self.components.models)
        entries = surroundings(self._body, self.found)
        if services:
            at = services[next(iter(services))].value
            entries |= added("services", mapping(services, at), at)
        runners = Sequence(self._runners, orchestrator.start, orchestrator.end)
        inner = added("runners", runners, orchestrator)
        if defaults:
            inner |= added("defaults", mapping(defaults, orchestrator), orchestrator)
        written = self._body.entries["orchestrator"]
        entries["orchestrator"] = Entry(written.key, mapping(inner, orchestrator))
        return mapping(entries, self._body)

    def _new_name(self, node: Mapping) -> Scalar:
        number = len(self._runners) + 1
        while f"runner_{number}" in self._names:
            number += 1
        name = f"runner_{number}"
        self._names.add(name)
        return made(name, node, name)


# The steps that fetch tickets.
_FETCH = "FetchTickets"


def fetches(body: Mapping) -> frozenset[str]:
    """The ids that only steps have which fetch tickets."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    pending: list[Node] = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, Sequence):
            pending.extend(node.items)
        elif isinstance(node, Mapping):
            pending.extend(entry.value for entry in node)
            name = node.get("id")
            if isinstance(name, Scalar):
                found[_fetches(node)].add(name.text)
    return frozenset(found[True] - found[False])


def _fetches(node: Mapping) -> bool:
    use = node.get("use")
    known = names.today(use.text) if isinstance(use, Scalar) else None
    return known is not None and known.name == _FETCH


# `env` of the releases that let only some variables through.
def check_environment(
    document: Document, environment: KnownEnvironment, found: Findings
) -> None:
    """Report variables that `env` does not hold because of how they begin."""
    if not environment.prefix:
        return
    pending: list[Node] = [document.root]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            pending.extend(entry.value for entry in node)
        elif isinstance(node, Sequence):
            pending.extend(node.items)
        else:
            _check(node, document, environment, found)


def _check(
    scalar: Scalar, document: Document, environment: KnownEnvironment, found: Findings
) -> None:
    for name, start, end in environment_names(scalar.text):
        if name.startswith(environment.prefix) or name in environment.allowed:
            continue
        suggestion = f"{environment.prefix}{name}"
        found.report(
            error(
                "OTC215",
                f"`env` does not hold `{name}`",
                subspan(document, scalar, start, end),
                f"in this form it has only names that begin with `{environment.prefix}`",
                help=f"name the variable `{suggestion}`, or write today's form, which "
                "reads every variable",
                suggestion=suggestion,
            )
        )
