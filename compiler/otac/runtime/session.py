"""What all scopes of one run share."""

from collections.abc import Mapping
from typing import Any, NoReturn

from otac.components import Fail, Stop
from otac.components.outcome import Misconfigured
from otac.runtime.account import Account
from otac.runtime.identity import identity
from otac.runtime.origin import origin, service_origin
from otac.runtime.probe import Probe
from otac.runtime.resources import Resources
from otac.runtime.scope import Scope
from otac.runtime.services import Unmade
from otac.runtime.setbacks import Setbacks
from otac.runtime.view import Parent, View, seen_from


class Session:
    """One run of a flow. `stopped` is what ended it early and well, `refused` why it is
    not to begin.

    `probe` is that of the tick which the run belongs to, if it is one of a window.
    `module` is the file of the flow.
    """

    def __init__(
        self,
        runner: str,
        params: Mapping[str, Any],
        probe: Probe | None = None,
        module: str = "",
    ) -> None:
        resources = Resources() if probe is None else probe.resources
        self._module = module
        self.params = View(params)
        self.probe = probe
        self.secrets = resources.secrets
        self.services = resources.services
        self.account = Account(runner, self.secrets)
        self.setbacks = Setbacks(runner)
        if probe is not None:
            # What the probe's calls tell belongs to the run that they become.
            probe.account = self.account = probe.account or self.account
            probe.setbacks = self.setbacks = probe.setbacks or self.setbacks
        self.stopped: Stop | None = None
        self.refused: str | None = None
        self._ambient = resources.names
        self.run_id = identity()

    @property
    def is_plain(self) -> bool:
        """Whether this is no run of Prefect's yet, so that nothing is told to anybody."""
        return self.probe is not None and self.probe.is_plain

    def origin(self, scope: Scope, error: Exception | None = None) -> str:
        """Where in the configuration the step stands, or the service that is to blame for
        the error, as an addition to a message."""
        match error:
            case Unmade():
                return service_origin(self._module, error.constructor, error.parameter)
            case Misconfigured() if (behind := self.services.behind(error)) is not None:
                return service_origin(self._module, behind)
        runner, _, _ = scope.key.partition("/")
        return origin(self._module, runner, scope.ids)

    def step_key(self, scope: Scope) -> str:
        """The run and the step or item in it, the same in every attempt."""
        return f"{self.run_id}/{scope.key}"

    def names(self, scope: Scope, reader: Scope | None = None) -> dict[str, Any]:
        """What expressions at a place can use; results are those that `reader` sees."""
        reader = reader or scope
        names = {
            **self._ambient,
            "get_pipe_result": reader.get_pipe_result,
            "pipe_result": reader.get_pipe_result,
            "has_failed": reader.has_failed,
            "has_succeeded": reader.has_succeeded,
            "get_parent_param": scope.get_parent_param,
            "fail": _fail,
            "stop": _stop,
            "params": self.params,
        }
        around = scope.enclosing_list
        if around is not None and around.config is not None:
            names["config"] = seen_from(around.config, reader)
            names["parent"] = _parent(around, reader)
        if (item := scope.nearest_item) is not None:
            names |= {"item": item.value, "index": item.index}
        return names


def _parent(around: Scope, reader: Scope) -> Parent | None:
    """The composite further out than the list `around`; None for the flow's own list."""
    outer = around.parent.enclosing_list if around.parent else None
    if outer is None or outer.config is None:
        return None
    return Parent(seen_from(outer.config, reader), _parent(outer, reader))


def _fail(message: str = "the configuration says so") -> NoReturn:
    raise Fail(message)


def _stop(message: str = "the configuration says so") -> NoReturn:
    raise Stop(message)
