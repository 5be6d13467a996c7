"""Prefect's own templating of `prefect.yaml`: `{{ dotted.words }}` in any string.

In what otac compiles, only triggers and pull steps hold any; the compiler sees to that.
The same as `prefect deploy` does, with one difference: what it would replace by nothing is
a problem here.
"""

import re
from collections.abc import Mapping
from typing import Any, cast

from otac.deploy.api import Api
from otac.source.document import Json

_PLACEHOLDER = re.compile(r"{{\s*([\w.\-\[\]$]+)\s*}}")
_BLOCK, _VARIABLE, _ENVIRONMENT = "prefect.blocks.", "prefect.variables.", "$"
# Filled in by the worker for each run.
_LATER = "ctx."
_MISSING = object()


class Unresolved(Exception):
    """A placeholder stands for nothing; the message says which and why."""


class Placeholders:
    """What placeholders stand for here and now.

    `outputs` are those of the build steps, by id.
    """

    def __init__(
        self, api: Api, environment: Mapping[str, str], outputs: Mapping[str, Json]
    ) -> None:
        self._api = api
        self._environment = environment
        self._outputs = outputs
        self._read: dict[str, Json] = {}

    def resolve(self, value: Json) -> Json:
        """The value with every placeholder in it replaced. Raises Unresolved."""
        match value:
            case dict():
                return {key: self.resolve(item) for key, item in value.items()}
            case list():
                return [self.resolve(item) for item in value]
            case str():
                return self._text(value, blocks=True)
            case _:
                return value

    def resolve_pull(self, value: Json) -> Json:
        """The same for pull steps: blocks and variables are left to the worker."""
        match value:
            case dict():
                return {key: self.resolve_pull(item) for key, item in value.items()}
            case list():
                return [self.resolve_pull(item) for item in value]
            case str():
                return self._text(value, blocks=False)
            case _:
                return value

    def _text(self, text: str, *, blocks: bool) -> Json:
        sole = _PLACEHOLDER.fullmatch(text)
        if sole is not None:
            value = self._value(sole[1], blocks=blocks)
            return text if value is _MISSING else cast(Json, value)

        def replacement(found: re.Match[str]) -> str:
            value = self._value(found[1], blocks=blocks)
            if isinstance(value, dict | list):
                raise Unresolved(f"`{found[0]}` is no text, and stands within one")
            return found[0] if value is _MISSING else str(value)

        return _PLACEHOLDER.sub(replacement, text)

    def _value(self, name: str, *, blocks: bool) -> object:
        """The value; `_MISSING` for a placeholder that stays."""
        if name.startswith(_LATER):
            return _MISSING
        if name.startswith((_BLOCK, _VARIABLE)):
            return self._stored(name) if blocks else _MISSING
        if name.startswith(_ENVIRONMENT):
            variable = name.removeprefix(_ENVIRONMENT)
            if variable not in self._environment:
                raise Unresolved(f"the environment variable `{variable}` is not set")
            return self._environment[variable]
        value = look_up(self._outputs, name)
        if value is _MISSING:
            raise Unresolved(f"`{{{{ {name} }}}}` is the output of no build step")
        return value

    def _stored(self, name: str) -> Json:
        if name not in self._read:
            is_block = name.startswith(_BLOCK)
            self._read[name] = self._block(name) if is_block else self._variable(name)
        return self._read[name]

    def _variable(self, name: str) -> Json:
        own = name.removeprefix(_VARIABLE)
        found = self._api.find(f"/variables/name/{own}")
        if found is None:
            raise Unresolved(f"there is no Prefect Variable `{own}`")
        return cast(Json, found["value"])

    def _block(self, name: str) -> Json:
        slug, _, rest = name.removeprefix(_BLOCK).partition(".")
        own, _, path = rest.partition(".")
        found = self._api.find(
            f"/block_types/slug/{slug}/block_documents/name/{own}?include_secrets=true"
        )
        if found is None:
            raise Unresolved(f"there is no block `{slug}/{own}`")
        value: object = found["data"]
        # Of a block that holds one value, that is meant.
        if found["data"].keys() == {"value"} and not path.startswith("value"):
            value = found["data"]["value"]
        if path:
            value = look_up(value, path)
        if value is _MISSING:
            raise Unresolved(f"block `{slug}/{own}` has no `{path}`")
        return cast(Json, value)


def look_up(data: object, path: str) -> object:
    """What lies at `a.b[0].c`; `_MISSING` if nothing does."""
    for part in re.findall(r"[^.\[\]]+", path):
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return _MISSING
    return data


def is_filled_in(value: Any) -> bool:
    """Whether a value, as it is written, holds a placeholder at any depth."""
    match value:
        case dict():
            return any(is_filled_in(item) for item in value.values())
        case list():
            return any(is_filled_in(item) for item in value)
        case str():
            return _PLACEHOLDER.search(value) is not None
        case _:
            return False
