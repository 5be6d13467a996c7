"""Checks the shape of a document against a schema, with every finding at its place.

JSON Schema libraries report paths into plain data. Here the tree with its positions is
checked itself, so that a finding points at the very key or value, an unknown key gets a
suggestion, and a union reports what was meant and not every branch that did not fit.
`tests/config` compares the verdicts with those of the `jsonschema` library.
"""

import json
import math
import operator
from dataclasses import dataclass, field

from otac.config.schema import Schema
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.suggest import nearest
from otac.source.document import Mapping, Node, Scalar, Sequence
from otac.source.span import Span

_TYPE_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}


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


@dataclass(slots=True)
class Shape:
    """What the check found.

    What was refused is taken out of the tree (the smallest optional entry or list item
    around it), so that later stages see only what fits the schema. `damaged` are the
    places where names may have been lost that way: a later stage does not complain about
    what is missing there. `fits` is false where nothing usable is left of the whole.
    """

    fits: bool = True
    diagnostics: list[Diagnostic] = field(default_factory=list)
    damaged: list[Span] = field(default_factory=list)


def check_shape(
    root: Node, schema: Schema, name: str, *, templates: bool = False
) -> Shape:
    """Check `root`, called `name` in messages, and prune what does not fit.

    With `templates`, text that holds Jinja fits any type, and text that spells a number
    fits a number: parameters of components are converted when a run renders them.
    """
    checker = _Checker(templates)
    checker.shape.fits = checker.check(root, schema, name)
    return checker.shape


def kind(node: Node) -> str:
    """The JSON type of a node."""
    if isinstance(node, Mapping):
        return "object"
    if isinstance(node, Sequence):
        return "array"
    value = node.value
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "null" if value is None else "number"


class _Checker:
    def __init__(self, templates: bool) -> None:
        self.shape = Shape()
        self._templates = templates

    def check(self, node: Node, schema: Schema, name: str) -> bool:
        """Whether the node fits, or fits after optional parts were taken out."""
        if schema.switch is not None:
            key, then, otherwise = schema.switch
            has_key = isinstance(node, Mapping) and key in node.entries
            return self.check(node, then if has_key else otherwise, name)
        if self._templates and isinstance(node, Scalar) and _is_template(node):
            return True
        if schema.alternatives:
            return self._check_union(node, schema, name)
        if schema.types is not None and not self._has_type(node, schema.types):
            return self._wrong_type(node, schema, name)
        if isinstance(node, Mapping):
            return self._check_mapping(node, schema, name)
        if isinstance(node, Sequence):
            return self._check_sequence(node, schema, name)
        return self._check_scalar(node, schema, name)

    def _has_type(self, node: Node, types: frozenset[str]) -> bool:
        found = kind(node)
        if found in types or (found == "integer" and "number" in types):
            return True
        if found == "number" and "integer" in types and isinstance(node, Scalar):
            return isinstance(node.value, float) and node.value.is_integer()
        return (
            self._templates
            and found == "string"
            and isinstance(node, Scalar)
            and _spells(node.text, types)
        )

    def _check_union(self, node: Node, schema: Schema, name: str) -> bool:
        fitting = [
            alternative
            for alternative in schema.alternatives
            if self._may_be(node, alternative)
        ]
        if len(fitting) == 1:
            return self.check(node, fitting[0], name)
        if not fitting:
            return self._wrong_type(node, schema, name)
        # Several branches take this type: the first that fits without a finding wins.
        before = len(self.shape.diagnostics)
        for alternative in fitting:
            if self.check(node, alternative, name):
                del self.shape.diagnostics[before:]
                return True
        del self.shape.diagnostics[before + 1 :]
        return False

    def _may_be(self, node: Node, schema: Schema) -> bool:
        if schema.alternatives:
            return any(self._may_be(node, branch) for branch in schema.alternatives)
        return schema.types is None or self._has_type(node, schema.types)

    def _check_mapping(self, node: Mapping, schema: Schema, name: str) -> bool:
        properties = schema.properties or {}
        additional = schema.additional
        title = schema.title or name
        refused: list[str] = []
        damaged = False
        for key, entry in node.entries.items():
            known = properties.get(key)
            if known is None:
                for pattern, by_pattern in schema.patterns:
                    if pattern.search(key):
                        known = by_pattern
                        break
                else:
                    if additional is True:
                        continue
                    if additional is False:
                        meant = self._unknown_key(entry.key, properties, title)
                        damaged = damaged or meant in _DEFINING
                        refused.append(key)
                        continue
                    known = additional
            if not self.check(entry.value, known, f"`{key}`"):
                damaged = damaged or key in _DEFINING or key not in properties
                refused.append(key)
        if damaged:
            self.shape.damaged.append(node.span)
        missing = [key for key in schema.required if key not in node.entries]
        if missing:
            self._missing_keys(node, missing, title)
        fits = not missing and not any(key in schema.required for key in refused)
        for key in refused:
            del node.entries[key]
        return fits

    def _check_sequence(self, node: Sequence, schema: Schema, name: str) -> bool:
        if schema.items is not None:
            refused = False
            kept: list[Node] = []
            for number, item in enumerate(node.items, 1):
                item_name = schema.items.title or f"item {number} of {name}"
                if self.check(item, schema.items, item_name):
                    kept.append(item)
                else:
                    refused = True
            if refused:
                self.shape.damaged.append(node.span)
                node.items = kept
                return True
        count = len(node.items)
        if count < schema.min_items:
            least = _count(schema.min_items, "item")
            return self._out_of_range(node, name, f"has {count}", f"at least {least}")
        if schema.max_items is not None and count > schema.max_items:
            most = _count(schema.max_items, "item")
            return self._out_of_range(node, name, f"has {count}", f"at most {most}")
        return True

    def _check_scalar(self, node: Scalar, schema: Schema, name: str) -> bool:
        value = node.value
        if schema.choices is not None and not _is_choice(value, schema.choices):
            return self._not_a_choice(node, schema.choices, name)
        if isinstance(value, str):
            return self._check_text(node, schema, name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._check_number(node, value, schema, name)
        return True

    def _check_text(self, node: Scalar, schema: Schema, name: str) -> bool:
        length = len(node.text)
        if length < schema.min_length:
            found = "is empty" if not length else f"has {length} characters"
            least = _count(schema.min_length, "character")
            return self._out_of_range(node, name, found, f"at least {least}")
        if schema.max_length is not None and length > schema.max_length:
            return self._out_of_range(
                node, name, f"has {length} characters", f"at most {schema.max_length}"
            )
        if schema.pattern is not None and not schema.pattern.search(node.text):
            expected = (
                schema.expected or f"text that matches `{schema.pattern.pattern}`"
            )
            self._report(
                error(
                    "OTC207",
                    f"{name} is not written as it must be",
                    node.span,
                    f"expected {expected}",
                )
            )
            return False
        return True

    def _check_number(
        self, node: Scalar, value: float, schema: Schema, name: str
    ) -> bool:
        if math.isnan(value):
            return self._out_of_range(node, name, "is not a number", "a finite number")
        bounds = (
            (schema.minimum, operator.lt, "at least"),
            (schema.exclusive_minimum, operator.le, "more than"),
            (schema.maximum, operator.gt, "at most"),
            (schema.exclusive_maximum, operator.ge, "less than"),
        )
        for bound, beyond, words in bounds:
            if bound is not None and beyond(value, bound):
                limit = f"{words} {bound:g}"
                return self._out_of_range(node, name, f"is {node.text}", limit)
        return True

    # --- findings ----------------------------------------------------------------------

    def _report(self, diagnostic: Diagnostic) -> None:
        self.shape.diagnostics.append(diagnostic)

    def _unknown_key(
        self, key: Scalar, properties: dict[str, Schema], title: str
    ) -> str | None:
        """Report a key and return the one that was probably meant."""
        similar = nearest(key.text, properties)
        keys = ", ".join(f"`{name}`" for name in properties if name != "$schema")
        self._report(
            error(
                "OTC202",
                f"unknown key `{key.text}` in {title}",
                key.span,
                f"{title} has no such key",
                help=f"did you mean `{similar}`?" if similar else f"it may have {keys}",
                suggestion=similar,
            )
        )
        return similar

    def _missing_keys(self, node: Mapping, missing: list[str], title: str) -> None:
        names = " and ".join(f"`{key}`" for key in missing)
        first = next(iter(node.entries.values()), None)
        place = node.span if first is None else first.key.span
        self._report(
            error(
                "OTC203",
                f"{title} needs {names}",
                place,
                f"{names} {'is' if len(missing) == 1 else 'are'} missing here",
                help=f"add `{missing[0]}:`",
            )
        )

    def _wrong_type(self, node: Node, schema: Schema, name: str) -> bool:
        expected = schema.expected or _expected(schema)
        if isinstance(node, Scalar) and node.value is None:
            message, label = f"{name} is empty", f"expected {expected}"
        else:
            found = _TYPE_WORDS[kind(node)]
            message, label = f"{name} must be {expected}", f"this is {found}"
        self._report(
            error("OTC204", message, node.span, label, help=_type_help(node, schema))
        )
        return False

    def _not_a_choice(
        self, node: Scalar, choices: tuple[object, ...], name: str
    ) -> bool:
        words = [choice for choice in choices if isinstance(choice, str)]
        similar = nearest(node.text, words)
        listed = ", ".join(f"`{_spelled(choice)}`" for choice in choices)
        self._report(
            error(
                "OTC205",
                f"{name} cannot be `{node.text}`",
                node.span,
                f"expected one of {listed}",
                help=f"did you mean `{similar}`?" if similar else None,
                suggestion=similar,
            )
        )
        return False

    def _out_of_range(self, node: Node, name: str, found: str, allowed: str) -> bool:
        message = f"{name} {found}"
        self._report(error("OTC206", message, node.span, f"expected {allowed}"))
        return False


def _is_template(node: Scalar) -> bool:
    return isinstance(node.value, str) and ("{{" in node.text or "{%" in node.text)


def _spells(text: str, types: frozenset[str]) -> bool:
    """Whether text can be converted to one of the types, as pydantic does it."""
    if "boolean" in types and text.lower() in ("true", "false"):
        return True
    if not types & {"integer", "number"}:
        return False
    try:
        number = float(text)
    except ValueError:
        return False
    return "number" in types or number.is_integer()


def _is_choice(value: object, choices: tuple[object, ...]) -> bool:
    return any(type(value) is type(choice) and value == choice for choice in choices)


def _expected(schema: Schema) -> str:
    """What a value should have been, in words."""
    if schema.alternatives:
        words = [_expected(branch) for branch in schema.alternatives]
    else:
        order = (schema.types or frozenset()) - {"null"}
        words = [_TYPE_WORDS[name] for name in _TYPE_WORDS if name in order]
    unique = list(dict.fromkeys(words)) or ["something else"]
    return (
        unique[0] if len(unique) == 1 else ", ".join(unique[:-1]) + f" or {unique[-1]}"
    )


def _type_help(node: Node, schema: Schema) -> str | None:
    types = schema.types or frozenset()
    if "string" in types and isinstance(node, Scalar) and node.value is not None:
        return f"put it in quotes: `{json.dumps(node.text, ensure_ascii=False)}`"
    if "array" in types and isinstance(node, Mapping):
        return "start each item with `- `"
    return None


def _spelled(choice: object) -> str:
    return choice if isinstance(choice, str) else json.dumps(choice)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
