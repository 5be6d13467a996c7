"""What is different, place by place, fit to be shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from otac.source.document import Json
from otac.source.secrets import looks_secret

_HIDDEN = "(hidden)"
_LOGIN = re.compile(r"(?<=://)[^/@\s]+(?=@)")


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not what it should be: `schedules.nightly.active`.

    `by_hand` tells that the server no longer has what otac applied.
    """

    field: str
    before: Json
    after: Json
    by_hand: bool = False


def differences(
    field: str, before: Json, after: Json, *, by_hand: bool, hidden: bool
) -> Iterator[Difference]:
    """The places in which two values differ. `hidden` ones are named and not shown."""
    for path, old, new in _places((field,), before, after):
        secret = hidden or any(looks_secret(part) for part in path)
        yield Difference(
            ".".join(path),
            _shown(old, secret=secret),
            _shown(new, secret=secret),
            by_hand,
        )


def _places(
    path: tuple[str, ...], before: Json, after: Json
) -> Iterator[tuple[tuple[str, ...], Json, Json]]:
    if before == after and type(before) is type(after):
        return
    old, new = _keyed(path, before), _keyed(path, after)
    if old is None or new is None or not (old or new):
        if before != after:
            yield path, before, after
        return
    for key in dict.fromkeys((*old, *new)):
        yield from _places((*path, key), old.get(key), new.get(key))


def _keyed(path: tuple[str, ...], value: Json) -> dict[str, Json] | None:
    """A mapping as it is; a list of things that have a name by that."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return None
    keyed: dict[str, Json] = {}
    for number, item in enumerate(value, start=1):
        if path[-1] == "pull_steps" and isinstance(item, dict) and len(item) == 1:
            # A function and its inputs.
            ((name, item),) = item.items()
        else:
            name = _name(path[-1], number, item) or ""
        if not name or name in keyed:
            return None
        keyed[name] = item
    return keyed


def _name(field: str, number: int, item: Json) -> str | None:
    if not isinstance(item, dict):
        return None
    name = item.get("slug") or item.get("name")
    if isinstance(name, str):
        return name
    if field == "schedules":
        # Somebody made it in Prefect's UI.
        return f"(without a slug, {number})"
    return None


def _shown(value: Json, *, secret: bool) -> Json:
    match value:
        case None | bool():
            return value
        case dict():
            return {
                key: _shown(item, secret=secret or looks_secret(key))
                for key, item in value.items()
            }
        case list():
            return [_shown(item, secret=secret) for item in value]
        case _ if secret:
            return _HIDDEN
        case str():
            return _LOGIN.sub("***", value)
        case _:
            return value
