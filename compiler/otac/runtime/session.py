"""What all scopes of one run share."""

from collections.abc import Mapping
from typing import Any, NoReturn

from otac.components import Fail, Stop
from otac.runtime.account import Account
from otac.runtime.ambient import ambient
from otac.runtime.scope import Scope
from otac.runtime.secrets import Secrets
from otac.runtime.services import Services
from otac.runtime.view import Parent, View


class Session:
    """One run of a flow. `stopped` is what ended it early and well."""

    def __init__(self, runner: str, params: Mapping[str, Any]) -> None:
        self.params = View(params)
        self.secrets = Secrets()
        self.services = Services(self.secrets)
        self.account = Account(runner, self.secrets)
        self.stopped: Stop | None = None
        self._ambient = ambient(self.secrets)

    def names(self, scope: Scope) -> dict[str, Any]:
        """What expressions at a place can use."""
        names = {
            **self._ambient,
            "get_pipe_result": scope.get_pipe_result,
            "pipe_result": scope.get_pipe_result,
            "has_failed": scope.has_failed,
            "has_succeeded": scope.has_succeeded,
            "get_parent_param": scope.get_parent_param,
            "fail": _fail,
            "stop": _stop,
            "params": self.params,
        }
        if (around := scope.enclosing_list) is not None:
            names["config"] = around.config
            names["parent"] = _parent(around)
        if (item := scope.nearest_item) is not None:
            names |= {"item": item.value, "index": item.index}
        return names


def _parent(around: Scope) -> Parent | None:
    """The composite further out than the list `around`; None for the flow's own list."""
    outer = around.parent.enclosing_list if around.parent else None
    if outer is None or outer.config is None:
        return None
    return Parent(outer.config, _parent(outer))


def _fail(message: str = "the configuration says so") -> NoReturn:
    raise Fail(message)


def _stop(message: str = "the configuration says so") -> NoReturn:
    raise Stop(message)
