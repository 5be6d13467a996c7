"""The key that was meant by a word of another tool: `enabled`, `interval_minutes`, `name`.

Which words these are stands in the schemas, at the key that has the meaning here:
`x-also-called`, and `x-opposite-called` for `disabled`.
"""

import re
from collections.abc import Iterator, Mapping

from otac.config.duration import seconds
from otac.config.schema import Schema
from otac.diagnostics.suggest import nearest
from otac.source.document import Scalar
from otac.source.lookalikes import straightened

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
_TIME_OF_DAY = re.compile(r"(?:at )?([01]?\d|2[0-3]):([0-5]\d)(?::00)?")
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


def meant_key(written: str, schema: Schema) -> str | None:
    """The key of a mapping that someone most likely meant by `written`."""
    properties = schema.properties or {}
    word = _plain(written)
    if word in properties:
        return word
    return schema.also.get(word) or nearest(written, properties)


def meant_entry(key: Scalar, value: object, schema: Schema) -> str | None:
    """`key: value` as it is written here, where the value has to change as well.

    `value` is the node behind the key. None where no such word is known.
    """
    if not isinstance(value, Scalar) or "\n" in value.text:
        return None
    word = _plain(key.text)
    return next(_entries(word, straightened(value.text).strip(), schema), None)


def _entries(word: str, value: str, schema: Schema) -> Iterator[str]:
    if word in schema.opposite and value.lower() in ("true", "false"):
        contrary = "false" if value.lower() == "true" else "true"
        yield f"{schema.opposite[word]}: {contrary}"
    unit = _UNIT.fullmatch(word)
    if unit is not None and (target := _timed(unit[1], schema)) is not None:
        length = seconds(f"{value}{_UNITS[unit[2]]}")
        if length is not None:
            yield f"{target}: {length:.12g}"
    if word in ("schedule", "schedules", "run_at", "at", "time", "trigger"):
        yield from _scheduled(value, schema.properties or {})


def _timed(stem: str, schema: Schema) -> str | None:
    """The key in seconds that a name without its unit stands for."""
    for name in (f"{stem}{_SECONDS}", schema.also.get(stem, "")):
        if name.endswith(_SECONDS) and name in (schema.properties or {}):
            return name
    return None


def _scheduled(value: str, properties: Mapping[str, Schema]) -> Iterator[str]:
    if "cron" in properties and (cron := cron_of(value)) is not None:
        yield f'cron: "{cron}"'
    if "interval_seconds" in properties and (every := seconds_of(value)) is not None:
        yield f"interval_seconds: {every:.12g}"


def cron_of(value: str) -> str | None:
    """The cron expression for a time of day, or for what already is one."""
    at = _TIME_OF_DAY.fullmatch(value)
    if at is not None:
        return f"{int(at[2])} {int(at[1])} * * *"
    if value.lower() in _NAMED:
        return _NAMED[value.lower()]
    return value if _CRON.fullmatch(value) and "*" in value else None


def seconds_of(value: str) -> float | None:
    """The seconds of `every 5 minutes`, and of what is a duration here as well."""
    every = _EVERY.fullmatch(value.lower())
    if every is not None and every[2] in _UNITS:
        return seconds(f"{every[1]}{_UNITS[every[2]]}")
    return seconds(value)


def assigned(text: str) -> tuple[str, str] | None:
    """Key and value of `key = value`, and of `key: value` with look-alike signs."""
    plain = straightened(text)
    # Behind a wide colon nobody writes a space.
    colon = r":(?=\s|$)" if plain == text else ":"
    found = re.fullmatch(rf"([\w.$-]+)\s*(?:=(?!=)|{colon})\s*(.*)", plain)
    return None if found is None else (found[1], found[2])


def _plain(written: str) -> str:
    return straightened(written).strip().replace("-", "_").casefold()
