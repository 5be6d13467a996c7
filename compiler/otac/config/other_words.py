"""The key that was meant by a word of another tool: `enabled`, `interval_minutes`, `name`.

Which words these are stands in the schemas, at the key that has the meaning here:
`x-also-called`, `x-opposite-called` for `disabled`, and further ones where the value differs.
"""

import json
import re
from collections.abc import Iterator

from otac.config.duration import seconds
from otac.config.schema import Schema
from otac.diagnostics.suggest import nearest
from otac.source.document import Mapping, Scalar
from otac.source.mistakes import straightened, unquoted

_SECONDS = "_seconds"
# Keys and values of other tools that name a unit, and how durations are written here.
_UNITS = {
    **dict.fromkeys(("ms", "millis", "millisecond", "milliseconds"), "ms"),
    "milli_seconds": "ms",
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "week", "weeks"), "w"),
}
_UNIT = re.compile(rf"(\w+?)_({'|'.join(sorted(_UNITS, key=len, reverse=True))})")
_PART = re.compile(r"(\w+)_(name|id)")
_TIME_OF_DAY = re.compile(r"(?:at )?([01]?\d|2[0-3]):([0-5]\d)(?::00)?")
_HALF_DAY = re.compile(r"(?:at )?(1[0-2]|[1-9])(?::([0-5]\d))? ?([ap])m")
_STARS = str.maketrans(dict.fromkeys("∗＊⁎﹡✱", "*"))
_CRON = re.compile(r"\S+(?: +\S+){4}")
_EVERY = re.compile(r"(?:every )?(\d+(?:\.\d+)?) ?([a-z]+)")
_NAMED = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_SCHEDULES = (
    *("schedule", "schedules", "schedule_interval", "trigger", "run_at", "at", "time"),
    *("every", "frequency", "run_every", "repeat_every", "period", "interval"),
)
# Of YAML 1.1.
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


def meant_key(written: str, schema: Schema) -> str | None:
    """The key of a mapping that someone most likely meant by `written`."""
    properties = schema.properties or {}
    word = _plain(written)
    if word in properties:
        return word
    return other_word(written, schema) or nearest(written, properties)


def other_word(written: str, schema: Schema) -> str | None:
    """The key for which another tool has the word `written`."""
    word = _plain(written)
    if word in schema.switches:
        return schema.switches[word][0].partition(":")[0]
    return schema.also.get(word) or schema.more.get(word)


def is_other_word(written: str, schema: Schema) -> bool:
    """Whether `written` is a key spelt otherwise, or another tool's word for one."""
    is_key = _plain(written) in (schema.properties or {})
    return is_key or other_word(written, schema) is not None


def meant_entry(key: Scalar, value: object, schema: Schema) -> str | None:
    """`key: value` as it is written here, where the value has to change as well.

    `value` is the node behind the key. None where no such word is known.
    """
    word = _plain(key.text)
    if isinstance(value, Mapping) and word in _SCHEDULES:
        return _only_entry(value, schema.properties or {})
    if not isinstance(value, Scalar) or "\n" in value.text:
        return None
    return next(_entries(word, straightened(value.text).strip(), schema), None)


def _entries(word: str, value: str, schema: Schema) -> Iterator[str]:
    truth = value.lower()
    if word in schema.opposite and truth in (*_TRUE, *_FALSE):
        yield f"{schema.opposite[word]}: {'false' if truth in _TRUE else 'true'}"
    if word in schema.switches and truth in (*_TRUE, *_FALSE):
        yield schema.switches[word][truth in _FALSE]
    if word in schema.more and re.fullmatch(r"[1-9]\d{,8}", value):
        yield f"{schema.more[word]}: {int(value) - 1}"
    meant = schema.also.get(word, word)
    known = (schema.properties or {}).get(meant)
    if known is not None and "boolean" in (known.types or ()):
        # `true` itself needs no other value.
        if truth in (*_TRUE[1:], *_FALSE[1:]):
            yield f"{meant}: {'true' if truth in _TRUE else 'false'}"
    elif known is not None and meant.endswith(_SECONDS):
        length = seconds_of(value) if seconds(value) is None else None
        if length is not None:
            yield f"{meant}: {length:.12g}"
    part = _PART.fullmatch(word)
    if part is not None and _has_part(part[1], part[2], schema):
        yield f"{part[1]}: {{{part[2]}: {quoted_if_needed(value)}}}"
    unit = _UNIT.fullmatch(word)
    if unit is not None and (target := _timed(unit[1], schema)) is not None:
        # A value with a unit of its own means that one, whatever the key says.
        length = seconds(f"{value}{_UNITS[unit[2]]}" if _is_number(value) else value)
        if length is not None:
            yield f"{target}: {length:.12g}"
    if word in _SCHEDULES and not _is_number(value):
        yield from _scheduled(value, schema)


def _has_part(name: str, part: str, schema: Schema) -> bool:
    """Whether `name` is a key under which there is a key `part`: `queue_name`."""
    known = (schema.properties or {}).get(name)
    branches = () if known is None else (known, *known.alternatives)
    return any(part in (one.properties or ()) for one in branches)


def _timed(stem: str, schema: Schema) -> str | None:
    """The key in seconds that a name without its unit stands for."""
    for name in (f"{stem}{_SECONDS}", schema.also.get(stem, "")):
        if name.endswith(_SECONDS) and name in (schema.properties or {}):
            return name
    return None


def _scheduled(value: str, schema: Schema) -> Iterator[str]:
    properties = schema.properties or {}
    cron = cron_of(value)
    if "cron" in properties and cron is not None:
        yield f'cron: "{cron}"'
    every = seconds_of(value) if cron is None and seconds(value) is None else None
    if "interval_seconds" in properties and every is not None:
        yield f"interval_seconds: {every:.12g}"


def _only_entry(value: Mapping, properties: dict[str, Schema]) -> str | None:
    """`cron: "0 8 * * *"` of `schedule: {cron: "0 8 * * *"}`."""
    if len(value.entries) != 1:
        return None
    (key, inner), *_ = value.entries.values()
    if key.text not in properties or not isinstance(inner, Scalar):
        return None
    return f"{key.text}: {quoted_if_needed(inner.text)}"


def _is_number(value: str) -> bool:
    return re.fullmatch(r"[-+.\d]+", value) is not None


def quoted_if_needed(value: str) -> str:
    """A text on one line, in quotes where YAML would read something else."""
    plain = re.fullmatch(r"[\w./@+][\w ./@+%()-]*(?<! )", value)
    return value if plain else json.dumps(value, ensure_ascii=False)


def cron_of(value: str) -> str | None:
    """The cron expression for a time of day, or for what already is one."""
    at = _TIME_OF_DAY.fullmatch(value)
    if at is not None:
        return f"{int(at[2])} {int(at[1])} * * *"
    half = _HALF_DAY.fullmatch(value.lower())
    if half is not None:
        hour = int(half[1]) % 12 + (12 if half[3] == "p" else 0)
        return f"{int(half[2] or 0)} {hour} * * *"
    named = _NAMED.get(value.lower()) or _NAMED.get(f"@{value.lower()}")
    if named is not None:
        return named
    return value if _CRON.fullmatch(value) and "*" in value else None


def meant_cron(value: str) -> str:
    """The cron expression with the characters that were meant, or for a time of day."""
    plain = straightened(unquoted(value) or value).translate(_STARS)
    plain = " ".join(plain.strip().rstrip(",;").split())
    return cron_of(plain) or plain


def seconds_of(value: str) -> float | None:
    """The seconds of `every 5 minutes`, and of what is a duration here as well."""
    every = _EVERY.fullmatch(value.lower())
    if every is not None and every[2] in _UNITS:
        return seconds(f"{every[1]}{_UNITS[every[2]]}")
    return seconds(value)


def assigned(text: str) -> tuple[str, str] | None:
    """Key and value of `key = value` and the like, and of `key: value` as one word."""
    plain = straightened(text)
    found = re.fullmatch(r"([\w.$-]+)\s*(?::=|=>|->|<-|==?|:(?!//))\s*(.*)", plain)
    return None if found is None else (found[1], found[2])


def _plain(written: str) -> str:
    return straightened(written).strip().replace("-", "_").casefold()
