"""The parameters of a run, as `--param` gives them."""

import json
from collections.abc import Sequence
from typing import cast

from otac.diagnostics.frame import visible
from otac.diagnostics.suggest import nearest
from otac.lower.parameters import fits, is_json
from otac.lower.project import Parameter, Runner
from otac.source.document import Json

_KINDS = {
    "bool": "`true` or `false`",
    "int": "a whole number",
    "float": "a number",
    "list[Any]": "a list in JSON, such as `[1, 2]`",
    "dict[str, Any]": 'a mapping in JSON, such as `{"name": 1}`',
}


class WrongParameter(Exception):
    """What is wrong with a `--param`, for the one who typed it."""


def read_parameters(runner: Runner, given: Sequence[str]) -> dict[str, Json]:
    """The values by name, each of the type that the flow declares.

    Raises WrongParameter.
    """
    known = {parameter.name: parameter for parameter in runner.parameters}
    values: dict[str, Json] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if name not in known:
            raise WrongParameter(_unknown(runner, name, tuple(known)))
        if not equals:
            raise WrongParameter(f"`{name}` has no value: write `--param {name}=VALUE`")
        if name in values:
            raise WrongParameter(f"`{name}` is given twice")
        values[name] = _read(known[name], value)
    return values


def _read(parameter: Parameter, text: str) -> Json:
    """Text for a parameter that is text, JSON for any other."""
    if parameter.annotation == "str":
        return text
    try:
        value = cast(Json, json.loads(text, parse_constant=_refuse))
    except ValueError:
        if parameter.annotation == "Any":
            return text
        value = text
    if not fits(parameter.annotation, value):
        kind = _KINDS[parameter.annotation]
        raise WrongParameter(
            f"`{parameter.name}` takes {kind}, and `{visible(text)}` is none"
        )
    if not is_json(value):
        raise WrongParameter(
            f"`{parameter.name}` cannot be `{visible(text)}`: Prefect stores no such number"
        )
    return value


def _refuse(constant: str) -> Json:
    """`NaN` and `Infinity` are no JSON, although Python reads them."""
    raise ValueError(constant)


def _unknown(runner: Runner, name: str, known: tuple[str, ...]) -> str:
    message = f"runner `{runner.id}` has no parameter `{visible(name)}`"
    if similar := nearest(name, known):
        return f"{message}; did you mean `{similar}`?"
    if not known:
        return f"{message}; it takes none"
    return f"{message}; it takes {', '.join(f'`{one}`' for one in known)}"
