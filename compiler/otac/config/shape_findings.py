"""What the shape check says, finding by finding."""

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from otac.config.json_type import TYPE_WORDS, json_type
from otac.config.meant_value import meant_text, meant_value
from otac.config.other_words import (
    assigned,
    is_other_word,
    meant_entry,
    meant_key,
)
from otac.config.schema import Schema
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.edit import (
    Correction,
    Edit,
    How,
    Proposal,
    Reshaping,
    Safety,
    replacement,
)
from otac.diagnostics.suggest import closest, nearest, several
from otac.source import document
from otac.source.document import Entry, Node, Scalar, Sequence, Span
from otac.source.mistakes import odd_characters
from otac.source.unfilled import VALUE_ITSELF, unfilled

# More names than this say nothing to someone who looks for one.
_FEW = 8
# What pages write for what they do not show.
_LEFT_OUT = "..."
_CHARACTER_NAMES = {" ": "a space", "\n": "a line break", "\t": "a tab"}
# Of a whole number that is less than every infinite float.
_MOST_BITS = 1023


def unknown_entry(
    entry: Entry, schema: Schema, title: str
) -> tuple[Diagnostic, str | None]:
    """The finding, and the key that was probably meant."""
    key, value = entry
    whole = meant_entry(key, value, schema)
    if whole is None:
        similar = meant_key(key.text, schema)
        found = unknown_key(key, schema.properties or (), title, similar)
        place = None if similar else _place(key.text, schema)
        if place is not None:
            # With it, the mapping that is not there would be.
            found, similar = replace(found, help=f"write it under `{place}`"), place
        elif similar is not None and is_other_word(key.text, schema):
            found = replace(found, proposed=replacement(key.span, similar))
        elif key.text == _LEFT_OUT and "steps" in (schema.properties or ()):
            found = replace(found, proposed=_without(key, "steps: []"))
        elif (reason := _dropped(entry, schema, title)) is not None:
            without = Reshaping(
                How.WITHOUT, key.span, key.text, Safety.CONFIRM, reason, value.span
            )
            found = replace(found, proposed=without)
        return found, similar
    span = Span(key.start, max(key.end, value.end), key.via)
    return error(
        "OTC202",
        f"unknown key `{key.text}` in {title}",
        span,
        f"{title} has no such key",
        help=f"write `{whole}`",
        suggestion=whole,
        proposed=replacement(span, whole),
    ), whole.partition(":")[0]


def _dropped(entry: Entry, schema: Schema, title: str) -> str | None:
    """Why a key may go that means nothing."""
    key, value = entry
    if title == "the configuration" and isinstance(value, Scalar):
        return "nothing reads it, and it is like no key that something reads"
    reason = schema.dropped.get(key.text)
    if reason is None and isinstance(value, Scalar):
        reason = schema.dropped.get(f"{key.text}: {value.text.casefold()}")
    return reason


def _place(name: str, schema: Schema) -> str | None:
    """The key of the mapping under which a key belongs: `pipe` for `steps`."""
    for above, inner in (schema.properties or {}).items():
        branches = (inner, *inner.alternatives)
        if any(name in (branch.properties or ()) for branch in branches):
            return above
    return None


def unknown_key(
    key: Scalar, known: Iterable[str], title: str, similar: str | None = None
) -> Diagnostic:
    """`similar` is the key that was probably meant."""
    names = list(known)
    similar = similar or nearest(key.text, names)
    odd = next(odd_characters(key.text), None)
    if similar is not None:
        advice = f"write `{similar}`" if odd else f"did you mean `{similar}`?"
    else:
        advice = f"it may have {listed(key.text, names)}"
    return error(
        "OTC202",
        f"unknown key `{key.text}` in {title}",
        key.span,
        f"there is a {odd.name} in it" if odd else f"{title} has no such key",
        help=advice,
        suggestion=similar,
    )


def listed(written: str, names: Iterable[str], page: str = "docs/keys.md") -> str:
    """All names if they are few, else the nearest and where to read about all."""
    known = [name for name in names if name != "$schema"]
    if len(known) <= _FEW:
        return ", ".join(f"`{name}`" for name in known)
    near = ", ".join(f"`{name}`" for name in closest(written, known))
    return f"{near} and others: {page} lists them all"


def missing_keys(
    node: document.Mapping,
    missing: list[str],
    title: str,
    schema: Schema | None = None,
) -> Diagnostic:
    """Keys that must be there."""
    names = " and ".join(f"`{key}`" for key in missing)
    first = next(iter(node.entries.values()), None)
    return error(
        "OTC203",
        f"{title} needs {names}",
        node.span if first is None else first.key.span,
        f"{names} {'is' if len(missing) == 1 else 'are'} missing here",
        help="add " + " and ".join(f"`{key}:`" for key in missing),
        proposed=None if schema is None else _empty(node, missing, schema),
    )


def _empty(
    node: document.Mapping, missing: list[str], schema: Schema
) -> Proposal | None:
    """A list without items, or a mapping of such, in place of the only missing key."""
    (key, *others) = missing
    value = None if others else _nothing((schema.properties or {}).get(key))
    if value is None:
        return None
    reason = "nothing is there yet that could run"
    written = f"{key}: {value}"
    first = next(iter(node.entries.values()), None)
    if first is not None:
        return Reshaping(How.BEFORE, first.key.span, written, Safety.CONFIRM, reason)
    edit = Edit(node.span, f"{{{written}}}")
    return Correction((edit,), f"write `{written}`", Safety.CONFIRM, reason)


def _nothing(schema: Schema | None) -> str | None:
    """What a list or a mapping of lists is where there is nothing in it."""
    types = frozenset[str]() if schema is None else schema.types or frozenset()
    if schema is None or not (schema.required or "array" in types):
        return None
    if "array" in types:
        return "[]" if schema.min_items == 0 else None
    inner = {
        key: _nothing((schema.properties or {}).get(key)) for key in schema.required
    }
    if None in inner.values():
        return None
    return "{" + ", ".join(f"{key}: {value}" for key, value in inner.items()) + "}"


def wrong_type(node: Node, schema: Schema, name: str) -> Diagnostic:
    """A value of another type than the schema's."""
    expected = schema.expected or _expected(schema)
    if isinstance(node, Scalar) and node.value is None:
        message, label = f"{name} is empty", f"expected {expected}"
    else:
        message, label = f"{name} must be {expected}", f"this is {_found(node)}"
    if isinstance(node, Scalar) and node.value is None:
        # In braces, a pair without the sign between is one long key.
        pair = assigned(name.strip("`"))
        advice = f"write `{pair[0]}: {pair[1]}`" if pair and pair[1] else None
        reason = "nothing stands behind the dash"
        gone = Reshaping(How.NO_LINES, node.span, "", Safety.CONFIRM, reason)
        return error(
            "OTC204",
            message,
            node.span,
            label,
            help=advice,
            proposed=gone if name.startswith("item ") else None,
        )
    if not isinstance(node, Scalar):
        return error(
            "OTC204",
            message,
            node.span,
            label,
            help=_help(node, schema),
            proposed=_reshaped(node, schema),
        )
    odd = next(odd_characters(node.text), None)
    meant = None if node.text == _LEFT_OUT else meant_value(node, schema, name)
    return error(
        "OTC204",
        message,
        node.span,
        f"there is a {odd.name} in it" if odd and meant else label,
        help=_unfilled_help(node) or _mapping_help(schema)
        if meant is None
        else meant.help,
        suggestion=None if meant is None else meant.text,
        proposed=_without(node, "") if node.text == _LEFT_OUT else None,
    )


def _without(node: Scalar, instead: str) -> Correction:
    """Nothing in place of `...`."""
    reason = "it stands for what a page leaves out"
    title = f"replace with `{instead}`" if instead else f"remove `{_LEFT_OUT}`"
    return Correction((Edit(node.span, instead),), title, Safety.CONFIRM, reason)


def not_a_choice(node: Scalar, choices: tuple[object, ...], name: str) -> Diagnostic:
    """A value that is none of a few."""
    words = [choice for choice in choices if isinstance(choice, str)]
    similar = nearest(node.text, words)
    listed = ", ".join(f"`{_spelled(choice)}`" for choice in choices)
    return error(
        "OTC205",
        f"{name} cannot be `{node.text}`",
        node.span,
        f"expected one of {listed}",
        help=f"did you mean `{similar}`?" if similar else None,
        suggestion=similar,
    )


def glued(node: Node, schema: Schema, name: str) -> Diagnostic | None:
    """An item that is several choices: `failed; crashed`. None where it is not."""
    if not isinstance(node, Scalar) or schema.choices is None:
        return None
    all_of = ", ".join(several(node.text, map(str, schema.choices)))
    return (
        error(
            "OTC205",
            f"{name} cannot be `{node.text}`",
            node.span,
            "these are several, and one text to YAML",
            help=f"make a list of them: `[{all_of}]`",
            proposed=Reshaping(How.AS_ITEMS, node.span, all_of),
        )
        if all_of
        else None
    )


def out_of_range(node: Node, name: str, found: str, allowed: str) -> Diagnostic:
    """Too much or too little of something."""
    message = f"{name} {found}"
    return error("OTC206", message, node.span, f"expected {allowed}")


def not_finite(node: Scalar, schema: Schema, name: str) -> Diagnostic | None:
    """A number beyond those that a computer counts with; None for every other value.

    `.inf` and `.nan` are said on purpose, and refused where a number has to be.
    """
    value = node.value
    if isinstance(value, int):
        if value.bit_length() <= _MOST_BITS:
            return None
        found = "is too large"
    elif not isinstance(value, float) or math.isfinite(value):
        return None
    elif node.text.lstrip("+-")[:2].lower() in (".i", ".n"):
        if schema.types is None:
            return None
        found = "is not a number" if math.isnan(value) else "is infinite"
    else:
        found = "is too large"
    return out_of_range(node, name, found, "a finite number")


def not_written_so(node: Scalar, schema: Schema, name: str) -> Diagnostic:
    """Text that does not match the schema's pattern."""
    pattern = schema.pattern
    assert pattern is not None
    expected = schema.expected or f"text that matches `{pattern.pattern}`"
    label = f"expected {expected}"
    # A character that fits neither alone nor between others is the one that is wrong.
    if pattern.search("a"):
        for character in node.text:
            if not pattern.search(character) and not pattern.search(f"a{character}a"):
                named = _CHARACTER_NAMES.get(character, f"`{character}`")
                label = f"{named} is not allowed here: {label}"
                break
    meant = meant_text(node, schema)
    return error(
        "OTC207",
        f"{name} is not written as it must be",
        node.span,
        label,
        help=_unfilled_help(node) if meant is None else f"write `{meant}`",
        suggestion=meant,
    )


def _unfilled_help(node: Scalar) -> str | None:
    """Where a variable or a placeholder stands and no expression can."""
    return VALUE_ITSELF if unfilled(node.text) is not None else None


def _found(node: Node) -> str:
    kind = json_type(node)
    if kind == "boolean" and isinstance(node, Scalar):
        return f"`{node.text}`"
    return TYPE_WORDS[kind]


def _expected(schema: Schema) -> str:
    """What a value should have been, in words."""
    if schema.choices is not None and all(
        isinstance(one, str) for one in schema.choices
    ):
        words = [f"`{one}`" for one in schema.choices]
    elif schema.alternatives:
        words = [
            _expected(branch)
            for branch in schema.alternatives
            if branch.types != frozenset(("null",))
        ]
    else:
        order = (schema.types or frozenset()) - {"null"}
        words = [TYPE_WORDS[name] for name in TYPE_WORDS if name in order]
    unique = list(dict.fromkeys(words)) or ["something else"]
    return (
        unique[0] if len(unique) == 1 else ", ".join(unique[:-1]) + f" or {unique[-1]}"
    )


def _help(node: Node, schema: Schema) -> str | None:
    """What to type instead of a list, a mapping or nothing."""
    types = schema.types or frozenset()
    if "array" in types and isinstance(node, document.Mapping):
        return "start each item with `- `"
    if isinstance(node, Sequence) and "object" in types:
        are_mappings = any(isinstance(item, document.Mapping) for item in node.items)
        if are_mappings and "steps" in (schema.properties or ()):
            return "write `steps:` above the list"
        without = "write its keys without `- `" if are_mappings else None
        return _mapping_help(schema) or without
    return None


def _reshaped(node: Node, schema: Schema) -> Proposal | None:
    """A list in the mapping that it belongs into, or a mapping in a list."""
    types = schema.types or frozenset()
    if isinstance(node, document.Mapping):
        fits = "array" in types and schema.items is not None
        if fits and _has_keys_of(node, cast(Schema, schema.items)):
            return Reshaping(How.AS_ITEM, node.span)
    elif isinstance(node, Sequence) and "object" in types and node.items:
        steps = (schema.properties or {}).get("steps")
        item = None if steps is None else steps.items
        if item is not None and all(
            isinstance(one, document.Mapping) and _has_keys_of(one, item)
            for one in node.items
        ):
            return Reshaping(How.UNDER_KEY, node.span, "steps")
    return None


def _has_keys_of(node: document.Mapping, schema: Schema) -> bool:
    """Whether the first key of a mapping is one that a schema knows."""
    branches = [schema, *schema.alternatives, *(schema.switch or ())[1:]]
    known = {
        key
        for branch in branches
        if isinstance(branch, Schema)
        for key in branch.properties or ()
    }
    return any(key in known for key in node.entries)


def _mapping_help(schema: Schema) -> str | None:
    if "object" not in (schema.types or ()):
        return None
    keys = schema.required or tuple(schema.properties or ())[:1]
    return f"write keys and values, such as `{keys[0]}: ...`" if keys else None


def _spelled(choice: object) -> str:
    return choice if isinstance(choice, str) else json.dumps(choice)
