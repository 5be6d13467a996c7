"""The value of the right type that was most likely meant by one of a wrong type."""

import json
import math
import re
import unicodedata
from typing import NamedTuple

from otac.config.other_words import assigned, quoted_if_needed, seconds_of
from otac.config.schema import Schema
from otac.diagnostics.suggest import several
from otac.source.document import Scalar
from otac.source.mistakes import straightened, unquoted

_YES = ("yes", "on", "true")
_NO = ("no", "off", "false")
_NONE = ("none", "never", "nil", "off", "no", "false", "unlimited", "infinite")
# An address without its scheme.
_HOST = re.compile(
    r"(?://)?(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:/|$)", re.ASCII
)
# One word, and a comment as other languages have them.
_COMMENT = re.compile(r"(\S+)\s+(?://|/\*|--|;)\s*(.*?)\s*(?:\*/)?")
# Words with commas between, of which a list is made.
_NAMES = re.compile(r"[\w.-]+(?: *[,;] *[\w.-]+)+")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
# As German and French write it; `1,000` may mean a thousand.
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,(?:\d{1,2}|\d{4,})", re.ASCII)
# `3 hours`, where `3h` is written.
_LENGTH = re.compile(r"(\d+(?:\.\d+)?) ?([a-z])[a-z]*", re.ASCII)
_TIMES = re.compile(r"(\w+) ?(?:x|times?)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%", re.ASCII)
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight")
_NUMBERS = {word: str(number) for number, word in enumerate((*_WORDS, "nine", "ten"))}


class MeantValue(NamedTuple):
    """`text` is what to write, as YAML; `help` says so."""

    text: str
    help: str


def meant_value(node: Scalar, schema: Schema, name: str = "") -> MeantValue | None:
    """None where nothing of the schema's types comes to mind; `name` is of the key."""
    types = schema.types or frozenset()
    text = node.text
    if types == {"string"}:
        quoted = json.dumps(text, ensure_ascii=False)
        return MeantValue(quoted, f"put it in quotes: `{quoted}`")
    if (comment := _COMMENT.fullmatch(text)) is not None:
        word = comment[1]
        alone = Scalar(word, word, node.style, node.start, node.end)
        meant = meant_value(alone, schema, name)
        value = word if meant is None else meant.text
        return _written(f"{value} # {comment[2]}")
    word = _tidied(text)
    if "boolean" in types and word.lower() in (*_YES, *_NO):
        return _written("true" if word.lower() in _YES else "false")
    if types & {"integer", "number"} and isinstance(node.value, str):
        return _number(text, _digits(word, schema, name), types)
    if "object" in types and (entry := assigned(text)) is not None:
        key, value = entry
        is_one = not value.startswith(("{", "["))
        if key in (schema.properties or {}) and value and is_one:
            return _written(f"{{{key}: {quoted_if_needed(value)}}}")
    if _named(schema) and text and node.value is not None:
        # A thing has a name or an id, and a text is its name.
        key = "id" if isinstance(node.value, int) else "name"
        return _written(f"{{{key}: {quoted_if_needed(text)}}}")
    if "array" in types and "object" not in types:
        plain = straightened(text)
        if plain != text and plain.startswith("[") and plain.endswith("]"):
            return _written(plain)
        choices = () if schema.items is None else schema.items.choices or ()
        if all_of := several(text, map(str, choices)):
            return _written(f"[{', '.join(all_of)}]")
        if _NAMES.fullmatch(text):
            return _written(f"[{', '.join(re.split(' *[,;] *', text))}]")
        return _written(f"[{quoted_if_needed(text)}]")
    return None


def _named(schema: Schema) -> bool:
    """Whether it may be a mapping with a `name` or an `id`, and nothing else."""
    branches = (schema, *schema.alternatives)
    return any(set(one.properties or ()) == {"id", "name"} for one in branches)


def meant_text(node: Scalar, schema: Schema) -> str | None:
    """The text that fits a pattern: without a comma too much, or with `https://`."""
    word = _tidied(node.text)
    if schema.pattern is None:
        return None
    if _HOST.match(word) is not None:
        word = f"https://{word.lstrip('/')}"
    elif (length := _LENGTH.fullmatch(word)) is not None:
        short = f"{length[1]}{length[2]}"
        # A month is no minute.
        if seconds_of(short) == seconds_of(word):
            word = short
    is_right = schema.pattern.search(word)
    return word if is_right and schema.min_length <= len(word) else None


def meant_duration(text: str, *, may_be_none: bool = False) -> str | None:
    """The seconds of `every 5 minutes`, `60,` and the like; `null` for `never`."""
    if may_be_none and _tidied(text).casefold() in _NONE:
        return "null"
    found = seconds_of(_tidied(text))
    return None if found is None else f"{found:.12g}"


def _number(text: str, word: str, types: frozenset[str]) -> MeantValue | None:
    if _NUMBER.fullmatch(word) is None or not math.isfinite(float(word)):
        return None
    if "number" not in types and not float(word).is_integer():
        return None
    if word == text:
        return MeantValue(word, f"remove the quotes: `{word}`")
    return _written(word)


def _digits(word: str, schema: Schema, name: str) -> str:
    """The number that a word, a share or a length of time stands for; else the word."""
    plain = word.casefold()
    if (times := _TIMES.fullmatch(plain)) is not None:
        plain = times[1]
    if plain in _NUMBERS or plain.isdecimal():
        return _NUMBERS.get(plain, plain)
    if _DECIMAL_COMMA.fullmatch(plain) is not None:
        return plain.replace(",", ".")
    share = _PERCENT.fullmatch(plain)
    if share is not None and schema.maximum == 1 and float(share[1]) <= 100:
        return f"{float(share[1]) / 100:.12g}"
    # `max_age_hours` says in which unit.
    _, sign, last = name.strip("`").rpartition("_")
    unit = seconds_of(f"1 {last}") if sign else None
    length = seconds_of(plain) if unit else None
    return f"{length / unit:.12g}" if length is not None and unit else word


def _tidied(text: str) -> str:
    """Without signs that only look like others, and without a comma at the end."""
    word = unicodedata.normalize("NFKC", straightened(unquoted(text) or text))
    return word.strip().rstrip(",;").strip().strip("\"'")


def _written(text: str) -> MeantValue:
    return MeantValue(text, f"write `{text}`")
