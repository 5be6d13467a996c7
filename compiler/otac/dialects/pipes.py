"""Pipes of a dialect -> steps of the canonical language."""

from typing import cast

from otac.dialects.components import ComponentNames
from otac.dialects.dialect import Spelling
from otac.dialects.names import today
from otac.dialects.nodes import Entries, added, entry, made, mapping
from otac.dialects.parts import Parts, steps_of, take_apart
from otac.dialects.policies import Policies
from otac.dialects.rewriting import asked_of_config, is_never, rewrite, rewrite_bare
from otac.expressions import uses_template
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_TRUTH = {"true": True, "false": False}


class Pipes:
    """Translates the pipes of one document."""

    def __init__(
        self, spelling: Spelling, components: ComponentNames, policies: Policies
    ) -> None:
        self._spelling = spelling
        self._components = components
        self._policies = policies
        self._inheritance = Inheritance(spelling)

    def root(self, node: Mapping) -> Mapping:
        """The pipe of a runner, around which there is no composite."""
        return self._pipe(node, {}, {})

    def value(self, node: Node, known: frozenset[str] | None) -> Node:
        """A value with today's expressions; `known` as for `rewrite`."""
        if isinstance(node, Scalar):
            return rewrite(node, self._spelling.words, known)
        if isinstance(node, Sequence):
            items = [self.value(item, known) for item in node.items]
            return Sequence(items, node.start, node.end, node.via)
        return mapping(self._values(node.entries, known), node)

    def _values(self, entries: Entries, known: frozenset[str] | None) -> Entries:
        return {
            key: Entry(one.key, self.value(one.value, known))
            for key, one in entries.items()
        }

    def _pipe(
        self, node: Mapping, around: dict[str, Node], injected: Entries
    ) -> Mapping:
        """`around` and `injected` are what the composite around it has for it."""
        parts = take_apart(node, self._spelling)
        inherited, inside = self._inheritance.parameters(parts, around)
        parts.parameters |= inherited
        if self._spelling.inherits:
            parts.injects = {**injected, **parts.injects}
        passed_on = parts.injects
        self._components.modernise(parts)
        known = frozenset(around)
        found: Entries = {}
        for name, one in (("id", parts.id), ("use", parts.use)):
            if one is not None:
                found |= entry(one.key, name, one.value)
        condition = parts.condition
        if condition is not None:
            value = self._condition(cast(Scalar, condition.value), known)
            found |= entry(condition.key, "if", value)
        if parts.depends_on is not None:
            found |= entry(parts.depends_on.key, "depends_on", parts.depends_on.value)
        if parts.steps is None:
            found |= self._injects(parts)
        found |= self._policies.of_step(parts.rest)
        if parts.parameters:
            found |= added(
                "params", mapping(self._values(parts.parameters, known), node), node
            )
        if parts.steps is not None:
            steps: list[Node] = [
                self._pipe(step, inside, passed_on) for step in steps_of(parts)
            ]
            at = parts.steps.value
            found |= entry(
                parts.steps.key, "steps", Sequence(steps, at.start, at.end, at.via)
            )
        return mapping(found, node)

    def _injects(self, parts: Parts) -> Entries:
        if not parts.injects:
            return {}
        written = parts.node.entries.get("injects")
        at = parts.node if written is None else written.value
        if written is None:
            return added("injects", mapping(parts.injects, at), at)
        return entry(written.key, "injects", mapping(parts.injects, at))

    def _condition(self, scalar: Scalar, known: frozenset[str]) -> Scalar:
        """A condition; in some dialects an expression needs no braces."""
        word = scalar.text.strip().lower()
        if isinstance(scalar.value, str) and word in _TRUTH:
            return made(_TRUTH[word], scalar, scalar.text)
        is_bare = isinstance(scalar.value, str) and not uses_template(scalar.text)
        if self._spelling.bare_conditions and is_bare:
            return rewrite_bare(scalar, self._spelling.words, known)
        if self._spelling.inherits and is_never(scalar.text, known):
            return made(False, scalar, scalar.text)
        return rewrite(scalar, self._spelling.words, known)


# What a pipe gets of the composite around it.
# The parameters of the pipes that dialects with inheritance had.
_TAKES = {
    "FetchTickets": ("ticket_search_criteria", "search_criteria"),
    "Classify": ("text", "prompt", "model_name", "model", "token", "api_token"),
    "Expression": ("expression",),
    "UpdateTicket": ("ticket_id", "updated_ticket"),
    "AddNote": ("ticket_id", "note"),
    "CreateTicket": ("new_ticket",),
}


class Inheritance:
    """Makes explicit what is inherited, as far as somebody inside asks for it."""

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling
        self._asked: dict[int, frozenset[str] | None] = {}

    def parameters(
        self, parts: Parts, around: dict[str, Node]
    ) -> tuple[dict[str, Entry], dict[str, Node]]:
        """What a pipe inherits, written as parameters, and all that is known inside it.

        `around` are the parameters of the composite around it. The first part holds new
        parameters and, merged with what is inherited, mappings that the pipe has as well.
        """
        own = {key: entry.value for key, entry in parts.parameters.items()}
        if not self._spelling.inherits:
            return {}, own
        wanted = self._wanted(parts)
        explicit: dict[str, Entry] = {}
        for name, value in around.items():
            if name not in own:
                if wanted is None or name in wanted:
                    explicit |= added(name, _reference((name,), value), value)
            elif isinstance(value, Mapping) and isinstance(own[name], Mapping):
                merged = _merged(own[name], value, (name,))
                explicit[name] = Entry(parts.parameters[name].key, merged)
        return explicit, {**around, **own}

    def _wanted(self, parts: Parts) -> frozenset[str] | None:
        """The parameters that a pipe, or somebody inside it, asks for; None for all."""
        if parts.steps is None:
            known = today(parts.use_text)
            return None if known is None else frozenset(_TAKES.get(known.name, ()))
        return _all([self._asked_by(step) for step in steps_of(parts)])

    def _asked_by(self, node: Mapping) -> frozenset[str] | None:
        """The parameters that a pipe asks of the composite around it."""
        if id(node) not in self._asked:
            parts = take_apart(node, self._spelling)
            names = ("config", *self._spelling.words.enclosing)
            asked = [_in_texts(node, parts, names)]
            wanted = self._wanted(parts)
            own = parts.parameters
            asked.append(
                None
                if wanted is None
                else frozenset(
                    name
                    for name in wanted
                    if name not in own or isinstance(own[name].value, Mapping)
                )
            )
            self._asked[id(node)] = _all(asked)
        return self._asked[id(node)]


def _in_texts(
    node: Mapping, parts: Parts, names: tuple[str, ...]
) -> frozenset[str] | None:
    """What the pipe's own texts ask for, those of its steps left aside."""
    inside = None if parts.steps is None else parts.steps.value
    found: set[str] = set()
    pending: list[Node] = [entry.value for entry in node]
    while pending:
        value = pending.pop()
        if value is inside:
            continue
        if isinstance(value, Mapping):
            pending.extend(entry.value for entry in value)
        elif isinstance(value, Sequence):
            pending.extend(value.items)
        else:
            asked = asked_of_config(value.text, names)
            if asked is None:
                return None
            found |= asked
    return frozenset(found)


def _all(asked: list[frozenset[str] | None]) -> frozenset[str] | None:
    if None in asked:
        return None
    return frozenset[str]().union(*(names for names in asked if names is not None))


def _merged(own: Node, inherited: Mapping, path: tuple[str, ...]) -> Mapping:
    """A mapping with what it inherits: mappings merge, the rest is replaced."""
    assert isinstance(own, Mapping)
    entries = dict(own.entries)
    for name, given in inherited.entries.items():
        here = (*path, name)
        if name not in entries:
            entries |= added(name, _reference(here, given.value), given.value)
        elif isinstance(given.value, Mapping):
            mine = entries[name].value
            if isinstance(mine, Mapping):
                merged = _merged(mine, given.value, here)
                entries[name] = Entry(entries[name].key, merged)
    return mapping(entries, own)


def _reference(path: tuple[str, ...], at: Node) -> Scalar:
    """`{{ config.queue.name }}`."""
    parts = (f".{part}" if part.isidentifier() else f"[{part!r}]" for part in path)
    return made(f"{{{{ config{''.join(parts)} }}}}", at)
