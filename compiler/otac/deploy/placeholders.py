"""Prefect's own templating of `prefect.yaml`: `{{ dotted.words }}` in any string.

In what otac compiles, only triggers and pull steps hold any; the compiler sees to that.
The same as `prefect deploy` does, with one difference: what it, or the worker after it,
would replace by nothing is a problem here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from otac.deploy.api import Api
from otac.source.document import Json

_PLACEHOLDER = re.compile(r"{{\s*([\w.\-\[\]$]+)\s*}}")
_PART = re.compile(r"[^.\[\]]+")
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
                return self._text(value)
            case _:
                return value

    def resolve_pull(self, steps: list[Any]) -> list[Json]:
        """Pull steps, as they are stored.

        The worker fills in blocks and variables, what earlier steps put out, and what is
        set in its environment and not in this one. Raises Unresolved.
        """
        stored: list[Json] = []
        earlier: set[str] = set()
        for step in steps:
            stored.append(self._pulled(step, earlier))
            for inputs in step.values() if isinstance(step, dict) else ():
                own = inputs.get("id") if isinstance(inputs, dict) else None
                # What a step puts out is known by its own names, too: which those are,
                # only the step knows.
                earlier.add(own if isinstance(own, str) else "")
        return stored

    def _pulled(self, value: Json, earlier: set[str]) -> Json:
        match value:
            case dict():
                return {key: self._pulled(one, earlier) for key, one in value.items()}
            case list():
                return [self._pulled(item, earlier) for item in value]
            case str():
                return self._text(value, earlier)
            case _:
                return value

    def _text(self, text: str, earlier: set[str] | None = None) -> Json:
        sole = _PLACEHOLDER.fullmatch(text)
        if sole is not None:
            value = self._value(sole[1], earlier)
            return text if value is _MISSING else cast(Json, value)

        def replacement(found: re.Match[str]) -> str:
            value = self._value(found[1], earlier)
            if isinstance(value, dict | list):
                raise Unresolved(f"`{found[0]}` is not text, and stands within text")
            return found[0] if value is _MISSING else str(value)

        return _PLACEHOLDER.sub(replacement, text)

    def _value(self, name: str, earlier: set[str] | None) -> object:
        """The value; `_MISSING` for a placeholder that stays.

        In a pull step, `earlier` are the ids of the steps before it.
        """
        pulls = earlier is not None
        if name.startswith((_BLOCK, _VARIABLE)):
            return _MISSING if pulls else self._stored(name)
        if name.startswith(_ENVIRONMENT):
            # As many of them as there are.
            variable = name.lstrip(_ENVIRONMENT)
            if variable in self._environment:
                return self._environment[variable]
            if pulls:
                return _MISSING
            raise Unresolved(f"the environment variable `{variable}` is not set")
        if name.startswith(_LATER) and not pulls:
            return _MISSING
        value = look_up(self._outputs, name)
        if value is not _MISSING:
            return value
        head = _PART.match(name)
        if earlier and head is not None and (head[0] in earlier or name == head[0]):
            return _MISSING
        raise Unresolved(
            f"`{{{{ {name} }}}}` is the output of no {'earlier' if pulls else 'build'} step"
        )

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
    for part in _PART.findall(path):
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return _MISSING
    return data


def is_filled_in(value: Any) -> bool:
    """Whether a value, as it is written, holds a placeholder at any depth."""
    return any(True for _ in _names(value))


def from_environment(value: Any) -> bool:
    """Whether something of the environment is filled into it, which may be a secret."""
    return any(name.startswith(_ENVIRONMENT) for name in _names(value))


def _names(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for item in value.values():
                yield from _names(item)
        case list():
            for item in value:
                yield from _names(item)
        case str():
            yield from _PLACEHOLDER.findall(value)
