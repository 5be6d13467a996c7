"""What the shape check says, finding by finding."""

import json
from collections.abc import Iterable

from otac.config.json_type import TYPE_WORDS, json_type
from otac.config.schema import Schema
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.suggest import nearest
from otac.source.document import Mapping, Node, Scalar, Sequence

_CHARACTER_NAMES = {" ": "a space", "\n": "a line break", "\t": "a tab"}
_YES = ("yes", "on", "true")
_NO = ("no", "off", "false")


def unknown_key(key: Scalar, known: Iterable[str], title: str) -> Diagnostic:
    """Its suggestion is the key that was probably meant."""
    names = list(known)
    similar = nearest(key.text, names)
    listed = ", ".join(f"`{name}`" for name in names if name != "$schema")
    return error(
        "OTC202",
        f"unknown key `{key.text}` in {title}",
        key.span,
        f"{title} has no such key",
        help=f"did you mean `{similar}`?" if similar else f"it may have {listed}",
        suggestion=similar,
    )


def missing_keys(node: Mapping, missing: list[str], title: str) -> Diagnostic:
    """Keys that must be there."""
    names = " and ".join(f"`{key}`" for key in missing)
    first = next(iter(node.entries.values()), None)
    return error(
        "OTC203",
        f"{title} needs {names}",
        node.span if first is None else first.key.span,
        f"{names} {'is' if len(missing) == 1 else 'are'} missing here",
        help=f"add `{missing[0]}:`",
    )


def wrong_type(node: Node, schema: Schema, name: str) -> Diagnostic:
    """A value of another type than the schema's."""
    expected = schema.expected or _expected(schema)
    if isinstance(node, Scalar) and node.value is None:
        message, label = f"{name} is empty", f"expected {expected}"
    else:
        message, label = f"{name} must be {expected}", f"this is {_found(node)}"
    return error("OTC204", message, node.span, label, help=_help(node, schema))


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


def out_of_range(node: Node, name: str, found: str, allowed: str) -> Diagnostic:
    """Too much or too little of something."""
    message = f"{name} {found}"
    return error("OTC206", message, node.span, f"expected {allowed}")


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
                label = f"{named} cannot stand here: {label}"
                break
    return error("OTC207", f"{name} is not written as it must be", node.span, label)


def _found(node: Node) -> str:
    kind = json_type(node)
    if kind == "boolean" and isinstance(node, Scalar):
        return f"`{node.text}`"
    return TYPE_WORDS[kind]


def _expected(schema: Schema) -> str:
    """What a value should have been, in words."""
    if schema.alternatives:
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
    """What to type instead."""
    types = schema.types or frozenset()
    if isinstance(node, Scalar) and node.value is not None:
        return _scalar_help(node, types) or _mapping_help(schema)
    if "array" in types and isinstance(node, Mapping):
        return "start each item with `- `"
    if isinstance(node, Sequence) and "object" in types:
        are_mappings = any(isinstance(item, Mapping) for item in node.items)
        without = "write its keys without `- `" if are_mappings else None
        return _mapping_help(schema) or without
    return None


def _scalar_help(node: Scalar, types: frozenset[str]) -> str | None:
    if types == {"string"}:
        return f"put it in quotes: `{json.dumps(node.text, ensure_ascii=False)}`"
    word = node.text.strip().lower()
    if "boolean" in types and word in (*_YES, *_NO):
        return f"write `{'true' if word in _YES else 'false'}`"
    if types & {"integer", "number"} and isinstance(node.value, str):
        try:
            number = float(word)
        except ValueError:
            return None
        is_whole = "number" in types or number.is_integer()
        return f"remove the quotes: `{word}`" if is_whole else None
    if "array" in types:
        return f"write `[{node.text}]`"
    return None


def _mapping_help(schema: Schema) -> str | None:
    if "object" not in (schema.types or ()):
        return None
    keys = schema.required or tuple(schema.properties or ())[:1]
    return f"write keys and values, such as `{keys[0]}: ...`" if keys else None


def _spelled(choice: object) -> str:
    return choice if isinstance(choice, str) else json.dumps(choice)
