"""Mappings as expressions see them."""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from otac.runtime.secrets import Secrets


class View(Mapping[str, Any]):
    """`params.queue` and `params["queue"]` alike; values are computed when asked for.

    A key wins over a method of the same name, unlike in a plain dict, where `params.items`
    could never be a parameter.
    """

    __slots__ = ("_compute", "_known", "_values")

    def __init__(
        self, values: Mapping[str, Any], compute: Callable[[Any], Any] | None = None
    ) -> None:
        self._values = values
        self._compute = compute
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
            self._known[name] = self._compute(self._values[name])
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(plain(self))


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
