"""A JSON Schema as something a document can be checked against.

Only the keywords that our schemas use are known; an unknown one is a bug in the schema and
raises when it is loaded. These are ours:

- `x-expected`: what to say that a value should have been.
- `x-names`: the text, or the `name` of the mapping, is that of a `queue`, a `priority`, a
  `state`, a `user` or a `model`; in a file of tests, which names what its configuration has,
  also of a `runner`, `step`, `result`, `service`, `parameter`, `variable` or `ticket`; under
  `propertyNames`, each key is. `x-listed`: it has to be
  one of those that are listed, where any are. `x-new`: some services make it where it is not
  there. `x-lists`: what is named here are all of them, or all that the
  ticket system or the classifier can tell. `x-chooses`: it says what there is to choose from,
  where nothing lists it. `x-usual`: those that are meant where none are given.
- `x-template`: the text is an expression that the component has rendered as often as it
  likes; the names that it then has, each with its keys.
- `x-also-called` and `x-opposite-called`: what other tools call a key, or its contrary.
  `x-more-called`: what they call the number that is one more. `x-switch-called`: what they
  call a switch, and the values here for on and off.
- `x-dropped`: keys that were written here and meant nothing, or with this value (`key: value`)
  nothing that is not so without it, each with the reason.
- `x-unread`: what stands here is not looked at at all.
"""

import json
import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from otac import resources

_IGNORED = {
    "$schema",
    "$id",
    "$defs",
    "title",
    "description",
    "default",
    "examples",
    "format",
    "discriminator",
    "readOnly",
    "writeOnly",
    "deprecated",
    "$comment",
    "contentEncoding",
    "contentMediaType",
    "x-expected",
    "x-names",
    "x-listed",
    "x-new",
    "x-lists",
    "x-usual",
    "x-chooses",
    "x-template",
    "x-also-called",
    "x-opposite-called",
    "x-more-called",
    "x-switch-called",
    "x-dropped",
    "x-unread",
}


@dataclass(slots=True)
class Schema:
    """One compiled subschema. Fields that are None say nothing about a value.

    `also`, `opposite`, `more` and `switches` are words of other tools for keys of
    `properties`, `dropped` keys that mean nothing, each with the reason.
    """

    types: frozenset[str] | None = None
    properties: "dict[str, Schema] | None" = None
    patterns: "tuple[tuple[re.Pattern[str], Schema], ...]" = ()
    additional: "Schema | bool" = True
    names: "Schema | None" = None
    required: tuple[str, ...] = ()
    items: "Schema | None" = None
    min_items: int = 0
    max_items: int | None = None
    choices: tuple[object, ...] | None = None
    pattern: re.Pattern[str] | None = None
    min_length: int = 0
    max_length: int | None = None
    minimum: float | None = None
    exclusive_minimum: float | None = None
    maximum: float | None = None
    exclusive_maximum: float | None = None
    alternatives: "tuple[Schema, ...]" = ()
    switch: "tuple[str, Schema, Schema] | None" = None
    expected: str | None = None
    title: str | None = None
    default: Any = None
    names_what: str | None = None
    is_listed: bool = False
    is_new: bool = False
    lists: str | None = None
    chooses: str | None = None
    usual: tuple[str, ...] = ()
    template: tuple[tuple[str, tuple[str, ...]], ...] = ()
    also: "Mapping[str, str]" = field(default_factory=dict)
    opposite: "Mapping[str, str]" = field(default_factory=dict)
    more: "Mapping[str, str]" = field(default_factory=dict)
    switches: "Mapping[str, tuple[str, str]]" = field(default_factory=dict)
    dropped: "Mapping[str, str]" = field(default_factory=dict)
    unread: bool = False


def compile_schema(source: Mapping[str, Any], *, foreign: bool = False) -> Schema:
    """Compile a schema with its `$defs`.

    Raises ValueError for a keyword that the checker does not implement. In a `foreign`
    schema, one that no test of ours has seen, such keywords say nothing.
    """
    return _Compiler(source, foreign).schema(source)


def unheeded(source: Mapping[str, Any]) -> tuple[str, ...]:
    """The keywords of a foreign schema that would refuse values and are passed over.

    Raises ValueError and the like where it is no schema.
    """
    compiler = _Compiler(source, foreign=True)
    compiler.schema(source)
    return tuple(compiler.unheeded)


def configuration_schema() -> dict[str, Any]:
    """The JSON Schema of the configuration (`schemas/config.schema.json`)."""
    return _read("config.schema.json")


def schema_of_tests() -> dict[str, Any]:
    """The JSON Schema of a file of tests (`schemas/tests.schema.json`)."""
    return _read("tests.schema.json")


def _read(name: str) -> dict[str, Any]:
    path = resources.folder("schemas") / name
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _is_well_formed(keyword: str, value: object) -> bool:
    if not isinstance(value, _VALUES.get(keyword, object)):
        return False
    if keyword in ("type", "required") and isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return True


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern in which `$` is the very end, as JSON Schema has it.

    Python's also stands before a line break at the end.
    """
    return re.compile(text[:-1] + r"\Z" if text.endswith("$") else text)


_NUMBERS = (int, float)
# What the value of a keyword is, for schemas that somebody may have edited.
_VALUES: Mapping[str, tuple[type, ...]] = {
    "type": (str, list),
    "properties": (dict,),
    "patternProperties": (dict,),
    "additionalProperties": (bool, dict),
    "propertyNames": (dict,),
    "required": (list,),
    "items": (dict,),
    "enum": (list,),
    "pattern": (str,),
    "anyOf": (list,),
    "oneOf": (list,),
    "$defs": (dict,),
    "minItems": (int,),
    "maxItems": (int,),
    "minLength": (int,),
    "maxLength": (int,),
    "minimum": _NUMBERS,
    "exclusiveMinimum": _NUMBERS,
    "maximum": _NUMBERS,
    "exclusiveMaximum": _NUMBERS,
}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, str))


def _passed_over(source: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each keyword that would be passed over for another beside it, and which.

    The checker follows a reference, or tries alternatives, and looks at nothing else.
    """
    for decisive in ("$ref", "anyOf", "oneOf", "if"):
        if decisive not in source:
            continue
        heeded = {decisive, "then", "else"} if decisive == "if" else {decisive}
        for key in source:
            if key not in heeded and key not in _IGNORED:
                yield key, decisive


def _expect_heeded(source: Mapping[str, Any]) -> None:
    """Raises ValueError where a keyword would be passed over for another beside it."""
    for key, decisive in _passed_over(source):
        raise ValueError(
            f"schema keyword {key!r} beside {decisive!r} is not implemented"
        )
    test = source.get("if")
    if test is not None and (
        not {"type", "required"} >= test.keys()
        or len(test.get("required", ())) != 1
        or not {"then", "else"} <= source.keys()
    ):
        raise ValueError("schema keyword 'if' asks for one required key, and no more")


class _Compiler:
    def __init__(self, root: Mapping[str, Any], foreign: bool) -> None:
        self._foreign = foreign
        self._definitions: Mapping[str, Any] = root.get("$defs", {})
        self._compiled: dict[str, Schema] = {}
        # Of a foreign schema; in order, each once.
        self.unheeded: dict[str, None] = {}

    def schema(self, source: Mapping[str, Any]) -> Schema:
        if self._foreign:
            self.unheeded |= dict.fromkeys(key for key, _ in _passed_over(source))
        else:
            _expect_heeded(source)
        if "$ref" in source:
            found = self._reference(source)
            if "x-names" not in source:
                return found
            named = copy(found)
            self._ours(named, source)
            return named
        compiled = Schema()
        self._fill(compiled, source)
        return compiled

    def _pattern(self, text: str) -> re.Pattern[str] | None:
        """None for one that is not in Python's dialect."""
        try:
            return _pattern(text)
        except re.error:
            if not self._foreign:
                raise
            self.unheeded["pattern"] = None
            return None

    def _reference(self, source: Mapping[str, Any]) -> Schema:
        name = source["$ref"].removeprefix("#/$defs/")
        if self._foreign and name not in self._definitions:
            return Schema()
        compiled = self._compiled.get(name)
        if compiled is None:
            # Registered before it is filled: definitions may refer to themselves.
            compiled = self._compiled[name] = Schema()
            definition = self._definitions[name]
            if "$ref" in definition:
                compiled = self._compiled[name] = self._reference(definition)
            else:
                self._fill(compiled, definition)
        return compiled

    def _called(self, keyword: str, properties: Mapping[str, Any]) -> Mapping[str, str]:
        """The words of other tools, and the key of `properties` that each stands for."""
        return {
            word: name
            for name, each in self._said(keyword, properties)
            for word in each
        }

    def _said(
        self, keyword: str, properties: Mapping[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        """What a keyword says at each key, there or at the definition that it refers to."""
        for name, source in properties.items():
            definition = source.get("$ref", "").removeprefix("#/$defs/")
            for each in (source, self._definitions.get(definition, {})):
                if keyword in each:
                    yield name, each[keyword]

    def _fill(self, schema: Schema, source: Mapping[str, Any]) -> None:
        for keyword, value in source.items():
            if self._foreign and not _is_well_formed(keyword, value):
                raise ValueError(f"schema keyword {keyword!r} has a wrong value")
            match keyword:
                case "type":
                    names = [value] if isinstance(value, str) else value
                    schema.types = frozenset(names)
                case "properties":
                    schema.properties = {k: self.schema(v) for k, v in value.items()}
                    schema.also = self._called("x-also-called", value)
                    schema.opposite = self._called("x-opposite-called", value)
                    schema.more = self._called("x-more-called", value)
                    schema.switches = {
                        word: (f"{name}: {on}", f"{name}: {off}")
                        for name, each in self._said("x-switch-called", value)
                        for word, (on, off) in each.items()
                    }
                case "patternProperties":
                    schema.patterns = tuple(
                        (pattern, self.schema(v))
                        for k, v in value.items()
                        if (pattern := self._pattern(k)) is not None
                    )
                case "additionalProperties":
                    schema.additional = (
                        value if isinstance(value, bool) else self.schema(value)
                    )
                case "propertyNames":
                    schema.names = self.schema(value)
                case "required":
                    schema.required = tuple(value)
                case "items":
                    schema.items = self.schema(value)
                case "minItems":
                    schema.min_items = value
                case "maxItems":
                    schema.max_items = value
                case "enum":
                    schema.choices = tuple(value)
                case "const":
                    schema.choices = (value,)
                case "pattern":
                    schema.pattern = self._pattern(value)
                case "minLength":
                    schema.min_length = value
                case "maxLength":
                    schema.max_length = value
                case "minimum":
                    schema.minimum = value
                case "exclusiveMinimum":
                    schema.exclusive_minimum = value
                case "maximum":
                    schema.maximum = value
                case "exclusiveMaximum":
                    schema.exclusive_maximum = value
                case "anyOf" | "oneOf":
                    schema.alternatives = tuple(self.schema(v) for v in value)
                case "if" | "then" | "else" if self._foreign:
                    self.unheeded["if"] = None
                case "if":
                    (key,) = value["required"]
                    schema.switch = (
                        key,
                        self.schema(source["then"]),
                        self.schema(source["else"]),
                    )
                case "then" | "else":
                    pass
                case _ if keyword in _IGNORED:
                    pass
                case _ if self._foreign:
                    # An annotation of somebody else's refuses nothing.
                    if not keyword.startswith("x-"):
                        self.unheeded[keyword] = None
                case _:
                    raise ValueError(f"schema keyword {keyword!r} is not implemented")
        schema.expected = source.get("x-expected")
        schema.title = source.get("title")
        schema.default = source.get("default")
        self._ours(schema, source)

    def _ours(self, schema: Schema, source: Mapping[str, Any]) -> None:
        """What a component's schema says about names and templates.

        That of a plugin may say anything; what is not understood says nothing.
        """
        schema.names_what = _text(source.get("x-names"))
        schema.is_listed = source.get("x-listed") is True
        schema.is_new = source.get("x-new") is True
        schema.lists = _text(source.get("x-lists"))
        schema.chooses = _text(source.get("x-chooses"))
        schema.usual = _texts(source.get("x-usual"))
        given = source.get("x-template")
        if isinstance(given, dict):
            schema.template = tuple(
                (name, _texts(keys)) for name, keys in given.items()
            )
        schema.dropped = source.get("x-dropped") or {}
        schema.unread = source.get("x-unread") is True
