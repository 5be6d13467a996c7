"""Mappings as expressions see them."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from otac.runtime.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Late:
    """A parameter of a composite that asks for results of the composite's own steps.

    It is rendered each time that one of them reads it: names mean what they mean where the
    composite stands, and results are those that the reading step sees.
    """

    value: Any


class View(Mapping[str, Any]):
    """`params.queue` and `params["queue"]` alike; values are computed when asked for.

    A key wins over a method of the same name, unlike in a plain dict, where `params.items`
    could never be a parameter. `compute` is handed a value and the place that reads it;
    the place counts for what is `Late` alone.
    """

    __slots__ = ("_compute", "_known", "_reader", "_values")

    def __init__(
        self,
        values: Mapping[str, Any],
        compute: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        self._values = values
        self._compute = compute
        self._reader: Any = None
        self._known: dict[str, Any] = {}

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name in object.__getattribute__(
            self, "_values"
        ):
            return self[name]
        return object.__getattribute__(self, name)

    def __getitem__(self, name: str) -> Any:
        if self._compute is None:
            return self._values[name]
        if name not in self._known:
            value = self._values[name]
            if isinstance(value, Late):
                return self._compute(value.value, self._reader)
            self._known[name] = self._compute(value, None)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(plain(self))


def seen_from(view: View, place: Any) -> View:
    """The view as a step at a place reads it."""
    if not any(isinstance(value, Late) for value in view._values.values()):
        return view
    seen = View(view._values, view._compute)
    seen._known, seen._reader = view._known, place
    return seen


def plain(view: View) -> dict[str, Any]:
    """The values as a dict; `dict(view)` would take a parameter `keys` for the method."""
    return {name: view[name] for name in view}


class Parent:
    """`parent.params`: the composite further out; `parent.parent`: the one around that."""

    __slots__ = ("params", "parent")

    def __init__(self, params: View, parent: "Parent | None") -> None:
        self.params = params
        self.parent = parent


class Environment:
    """`env.NAME` and `env["NAME"]`: environment variables, and nothing else of the process."""

    __slots__ = ("_secrets",)

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        value = os.environ.get(name)
        if value is None:
            # An expression loaded Jinja already.
            from otac.expressions.failure import Absent

            return Absent(f"the environment variable `{name}` is not set")
        self._secrets.remember_named(name, value)
        return value
