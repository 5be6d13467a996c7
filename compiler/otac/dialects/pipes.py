"""Pipes of a dialect -> steps of the canonical language."""

from typing import cast

from otac.dialects.components import ComponentNames
from otac.dialects.dialect import Spelling
from otac.dialects.inheritance import Inheritance
from otac.dialects.nodes import Entries, added, entry, made, mapping
from otac.dialects.parts import Parts, steps_of, take_apart
from otac.dialects.policies import Policies
from otac.dialects.rewriting import is_never, rewrite, rewrite_bare
from otac.expressions.template import uses_template
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
