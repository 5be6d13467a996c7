"""Job variables against the schema of their work pool, as Prefect's server checks them.

It does so when a deployment is written, and again, for what is required, with each run.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from otac.source.document import Json

_REFERENCE = "$ref"


class Misfit(NamedTuple):
    """One thing that does not fit. `variable` is a dotted path; `reason` goes on after it,
    and quotes no value. `missing` tells that the variable is not there at all."""

    variable: str
    reason: str
    missing: bool = False


def misfits(given: Mapping[str, Json], template: Mapping[str, Any]) -> Iterator[Misfit]:
    """What of `given` the base job template of a pool refuses.

    A pool that no worker has joined yet knows none, and refuses none.
    """
    schema = template.get("variables") or {}
    known = schema.get("properties") or {}
    if not known:
        return
    values = {
        **{
            name: about["default"]
            for name, about in known.items()
            if about.get("default") is not None
        },
        **given,
    }
    for name in schema.get("required") or ():
        if name not in values:
            yield Misfit(name, "is needed", missing=True)
    # 0.15 s, which most plans can do without: nothing is to be checked where nothing is
    # given.
    if given:
        yield from _refused(given, values, schema)


def _refused(
    given: Mapping[str, Json], values: dict[str, Json], schema: Mapping[str, Any]
) -> Iterator[Misfit]:
    from jsonschema import Draft202012Validator
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    # Nothing is fetched from an address that a server names.
    registry: Registry[Any] = Registry()
    validator = Draft202012Validator(
        {**_nullable(schema), "required": []},
        registry=registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    try:
        for error in validator.iter_errors(values):
            path = [str(part) for part in error.absolute_path]
            if not path:
                yield Misfit(", ".join(given), _reason(error))
            elif path[0] in given and not _holds_reference(given[path[0]]):
                yield Misfit(".".join(path), _reason(error))
    except (Unresolvable, RecursionError):
        # The server checks nothing by such a schema either: it refuses it as a whole.
        return


def _nullable(schema: Mapping[str, Any]) -> dict[str, Any]:
    """As Prefect takes it: what is not required may be null."""
    required = schema.get("required") or ()
    properties = {
        name: _with_null(_nullable(about), name in required)
        if isinstance(about, dict)
        else about
        for name, about in (schema.get("properties") or {}).items()
    }
    return {**schema, **({"properties": properties} if properties else {})}


def _with_null(about: dict[str, Any], required: bool) -> dict[str, Any]:
    about = dict(about)
    if not required and "type" in about and about["type"] != "null":
        about["anyOf"] = [{"type": about.pop("type")}, {"type": "null"}]
    if isinstance(about.get("items"), list) and not about.get("prefixItems"):
        about["prefixItems"] = about.pop("items")
    return about


def _reason(error: Any) -> str:
    inner = list(error.context or ())
    match error.validator:
        case "type":
            return f"is not of type {_or(error.validator_value)}"
        case "enum":
            return (
                f"is none of {', '.join(f'`{one}`' for one in error.validator_value)}"
            )
        case "anyOf" | "oneOf" if inner and all(x.validator == "type" for x in inner):
            return f"is not of type {_or([x.validator_value for x in inner])}"
        case "anyOf" | "oneOf" if inner:
            return _reason(max(inner, key=lambda one: len(one.absolute_path)))
        case keyword:
            said = json.dumps(error.validator_value, default=str)
            return f"does not fit `{keyword}: {said[:80]}`"


def _or(types: Any) -> str:
    listed = types if isinstance(types, list) else [types]
    return " or ".join(str(one) for one in listed)


def _holds_reference(value: Json) -> bool:
    """Whether it stands for a block, which the server looks up before it checks."""
    match value:
        case dict():
            return _REFERENCE in value or any(map(_holds_reference, value.values()))
        case list():
            return any(map(_holds_reference, value))
        case _:
            return False
