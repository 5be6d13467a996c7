"""Checks the shape of a document against a schema, with every finding at its place.

JSON Schema libraries report paths into plain data. Here the tree with its positions is
checked itself, so that a finding points at the very key or value, an unknown key gets a
suggestion, and a union reports what was meant and not every branch that did not fit.
`tests/config` compares the verdicts with those of the `jsonschema` library.
"""

import operator
from dataclasses import dataclass, field
from typing import NamedTuple

from otac.config.json_type import (
    counted,
    holds_template,
    is_choice,
    is_empty_section,
    is_misspelt,
    json_type,
    spells,
    written,
)
from otac.config.schema import Schema
from otac.config.shape_findings import (
    glued,
    missing_keys,
    not_a_choice,
    not_finite,
    not_written_so,
    out_of_range,
    unknown_entry,
    wrong_type,
)
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.suggest import nearest
from otac.source.document import Mapping, Node, Scalar, Sequence, Span


# Keys that were meant to be there and, because of an error, are not.
class Lost(NamedTuple):
    """A key that was misspelt, or whose value was refused, in the mapping at `span`."""

    key: str
    span: Span


# Keys under which names are defined that other places refer to. Where one of them is lost,
# such a reference may seem to lead nowhere.
_DEFINING = frozenset(
    (
        "aliases",
        "for_each",
        "id",
        "injects",
        "notifications",
        "open_ticket_ai",
        "orchestrator",
        "parameters",
        "params",
        "pipe",
        "pipe_id",
        "runners",
        "services",
        "steps",
        "use",
    )
)


_ANYTHING = Schema()
# Characters of a number that nobody reads any more.
_LONG = 30


@dataclass(slots=True)
class Shape:
    """What the check found.

    What was refused is taken out of the tree (the smallest optional entry or list item
    around it), so that later stages see only what fits the schema. `damaged` are the
    places where names may have been lost that way: a later stage does not complain about
    what is missing there; `lost` says which keys they were. `fits` is false where nothing
    usable is left of the whole.
    """

    fits: bool = True
    diagnostics: list[Diagnostic] = field(default_factory=list)
    damaged: list[Span] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)


def check_shape(
    root: Node, schema: Schema, name: str, *, templates: bool = False
) -> Shape:
    """Check `root`, called `name` in messages, and prune what does not fit.

    With `templates`, text that holds Jinja fits any type, and text that spells a number
    fits a number: parameters of components are converted when a run renders them.
    """
    checker = _ShapeChecker(templates)
    checker.shape.fits = checker.check(root, schema, name)
    return checker.shape


class _ShapeChecker:
    def __init__(self, templates: bool, *, prunes: bool = True) -> None:
        self.shape = Shape()
        self._templates = templates
        self._prunes = prunes

    def check(self, node: Node, schema: Schema, name: str) -> bool:
        """Whether the node fits, or fits after optional parts were taken out."""
        if schema.switch is not None:
            key, then, otherwise = schema.switch
            has_key = isinstance(node, Mapping) and (
                key in node.entries or is_misspelt(key, node, otherwise)
            )
            return self.check(node, then if has_key else otherwise, name)
        if self._templates and isinstance(node, Scalar) and holds_template(node):
            return True
        if schema.alternatives:
            return self._check_union(node, schema, name)
        if schema.types is not None and not self._has_type(node, schema.types):
            return self._report(wrong_type(node, schema, name))
        if isinstance(node, Mapping):
            return self._check_mapping(node, schema, name)
        if isinstance(node, Sequence):
            return self._check_sequence(node, schema, name)
        return self._check_scalar(node, schema, name)

    def _has_type(self, node: Node, types: frozenset[str]) -> bool:
        found = json_type(node)
        if found in types or (found == "integer" and "number" in types):
            return True
        if found == "number" and "integer" in types and isinstance(node, Scalar):
            return isinstance(node.value, float) and node.value.is_integer()
        return (
            self._templates
            and found == "string"
            and isinstance(node, Scalar)
            and spells(node.text, types)
        )

    def _check_union(self, node: Node, schema: Schema, name: str) -> bool:
        fitting = [
            alternative
            for alternative in schema.alternatives
            if self._may_be(node, alternative)
        ]
        if len(fitting) == 1:
            choices = fitting[0].choices
            if choices is not None and isinstance(node, Scalar):
                words = [one for one in choices if isinstance(one, str)]
                if node.value not in choices and nearest(node.text, words) is None:
                    # One of another branch is as likely.
                    return self._report(wrong_type(node, schema, name))
            return self.check(node, fitting[0], name)
        if not fitting:
            return self._report(wrong_type(node, schema, name))
        # Several branches take this type. Each is tried on its own and takes nothing out:
        # what one branch refuses, another may want.
        trials: list[list[Diagnostic]] = []
        for alternative in fitting:
            trial = _ShapeChecker(self._templates, prunes=False)
            trial.check(node, alternative, name)
            if not trial.shape.diagnostics:
                return True
            trials.append(trial.shape.diagnostics)
        return self._report(min(trials, key=len)[0])

    def _may_be(self, node: Node, schema: Schema) -> bool:
        if schema.alternatives:
            return any(self._may_be(node, branch) for branch in schema.alternatives)
        return schema.types is None or self._has_type(node, schema.types)

    def _check_mapping(self, node: Mapping, schema: Schema, name: str) -> bool:
        properties = schema.properties or {}
        title = schema.title or name
        refused, empty = list[str](), list[str]()
        meant: set[str | None] = set()
        damaged = False
        for key, entry in node.entries.items():
            known = self._schema_of(entry.key, schema)
            if known is None:
                finding, similar = unknown_entry(entry, schema, title)
                self._report(finding)
                meant.add(similar)
                refused.append(key)
            elif known.unread:
                continue
            elif not self._templates and is_empty_section(entry.value, known):
                empty.append(key)
            elif not (
                self._check_key(entry.key, schema)
                and self.check(entry.value, known, f"`{key}`")
            ):
                damaged = damaged or key in _DEFINING or key not in properties
                refused.append(key)
            elif key == "injects" and self._has_lost(entry.value):
                meant.add(key)
        if damaged or not meant.isdisjoint(_DEFINING):
            self.shape.damaged.append(node.span)
        lost = (*refused, *(key for key in meant if key is not None))
        self.shape.lost += (Lost(key, node.span) for key in lost)
        missing = [key for key in schema.required if key not in node.entries]
        if unsaid := [key for key in missing if key not in meant]:
            # Where a key is refused, it may be what is missing, under another name.
            known = None if refused else schema
            self._report(missing_keys(node, unsaid, title, known))
        fits = not missing and not any(key in schema.required for key in refused)
        if self._prunes:
            for key in (*refused, *empty):
                del node.entries[key]
        return fits

    def _has_lost(self, node: Node) -> bool:
        return any(one.span == node.span for one in self.shape.lost)

    def _schema_of(self, key: Scalar, schema: Schema) -> Schema | None:
        """What the value of a key must fit; None where there may be no such key."""
        known = (schema.properties or {}).get(key.text)
        if known is not None:
            return known
        for pattern, by_pattern in schema.patterns:
            if pattern.search(key.text):
                return by_pattern
        if isinstance(schema.additional, Schema):
            return schema.additional
        return _ANYTHING if schema.additional else None

    def _check_key(self, key: Scalar, schema: Schema) -> bool:
        if schema.names is None:
            return True
        return self._check_text(key, schema.names, schema.names.title or "the key")

    def _check_sequence(self, node: Sequence, schema: Schema, name: str) -> bool:
        refused = False
        kept: list[Node] = []
        # Where a list may hold anything, numbers have to be some all the same.
        items = schema.items or _ANYTHING
        for number, item in enumerate(node.items, 1):
            item_name = items.title or f"item {number} of {name}"
            if several := glued(item, items, item_name):
                refused = not self._report(several)
            elif self.check(item, items, item_name):
                kept.append(item)
            else:
                refused = True
        if refused:
            self.shape.damaged.append(node.span)
            if self._prunes:
                node.items = kept
            return True
        count = len(node.items)
        found = f"has {counted(count, 'item')}" if count else "is empty"
        if count < schema.min_items:
            least = f"at least {counted(schema.min_items, 'item')}"
            return self._report(out_of_range(node, name, found, least))
        if schema.max_items is not None and count > schema.max_items:
            most = f"at most {counted(schema.max_items, 'item')}"
            return self._report(out_of_range(node, name, found, most))
        return True

    def _check_scalar(self, node: Scalar, schema: Schema, name: str) -> bool:
        value = node.value
        if schema.choices is not None and not is_choice(value, schema.choices):
            return self._report(not_a_choice(node, schema.choices, name))
        if isinstance(value, str):
            return self._check_text(node, schema, name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._check_number(node, value, schema, name)
        return True

    def _check_text(self, node: Scalar, schema: Schema, name: str) -> bool:
        length = len(node.text)
        found = f"has {counted(length, 'character')}" if length else "is empty"
        if length < schema.min_length:
            least = f"at least {counted(schema.min_length, 'character')}"
            return self._report(out_of_range(node, name, found, least))
        if schema.max_length is not None and length > schema.max_length:
            most = f"at most {schema.max_length}"
            return self._report(out_of_range(node, name, found, most))
        if schema.pattern is not None and not schema.pattern.search(node.text):
            return self._report(not_written_so(node, schema, name))
        return True

    def _check_number(
        self, node: Scalar, value: float, schema: Schema, name: str
    ) -> bool:
        bounds = (
            (schema.minimum, operator.lt, "at least"),
            (schema.exclusive_minimum, operator.le, "more than"),
            (schema.maximum, operator.gt, "at most"),
            (schema.exclusive_maximum, operator.ge, "less than"),
        )
        for bound, beyond, words in bounds:
            if bound is not None and beyond(value, bound):
                limit = f"{words} {written(bound)}"
                is_long = len(node.text) > _LONG
                found = "is too large" if is_long and value > 0 else "is too small"
                if not is_long:
                    found = f"is {node.text}"
                return self._report(out_of_range(node, name, found, limit))
        wrong = not_finite(node, schema, name)
        return True if wrong is None else self._report(wrong)

    def _report(self, diagnostic: Diagnostic) -> bool:
        self.shape.diagnostics.append(diagnostic)
        return False
