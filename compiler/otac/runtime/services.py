"""Services: built once a run, closed at its end."""

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from logging import Logger, LoggerAdapter
from threading import RLock
from traceback import walk_tb
from typing import Any, TypeAlias, TypeVar

from otac.components import construct
from otac.runtime.ambient import ambient
from otac.runtime.secrets import Secrets
from otac.runtime.template import render

T = TypeVar("T")

_CLOSING_SECONDS = 10.0


@dataclass(slots=True)
class _Building:
    """A service that is being made, and its parameter that is being rendered."""

    secrets: Secrets
    parameter: str | None = None


# Constructors take no arguments, so that generated code reads plainly.
_building: ContextVar[_Building | None] = ContextVar("otac_building", default=None)

# Given a constructor's name and what builds the service, gives a service that is not the
# run's: it is asked each time, and the run does not close what it gives.
Lender: TypeAlias = Callable[[str, Callable[[], Any]], Any]
lender: ContextVar[Lender | None] = ContextVar("otac_lender", default=None)

# Sees each service of a run once it is built, before any step has it.
onlooker: ContextVar[Callable[[Any], None] | None] = ContextVar(
    "otac_onlooker", default=None
)


class Unmade(Exception):
    """A service was asked for and could not be made; `error` says why.

    `constructor` is the function that makes it, `parameter` the one that could not be
    rendered, if it was that.
    """

    def __init__(
        self, error: Exception, constructor: str, parameter: str | None
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.constructor = constructor
        self.parameter = parameter


class Services:
    """The services of one run, by their constructors."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._built: dict[Callable[[], Any], Any] = {}
        # Steps that are plain functions run in threads.
        self._lock = RLock()

    def get(self, constructor: Callable[[], T]) -> T:
        """The service; a constructor that raises is called again by the next step."""
        with self._lock:
            if (lend := lender.get()) is not None:
                lent: T = lend(constructor.__name__, partial(self._build, constructor))
                return lent
            if constructor not in self._built:
                self._built[constructor] = self._build(constructor)
                if (look := onlooker.get()) is not None:
                    look(self._built[constructor])
            service: T = self._built[constructor]
            return service

    def _build(self, constructor: Callable[[], T]) -> T:
        building = _Building(self._secrets)
        token = _building.set(building)
        try:
            return constructor()
        except Exception as error:
            parameter = building.parameter
            raise Unmade(error, constructor.__name__, parameter) from error
        finally:
            _building.reset(token)

    def behind(self, error: BaseException) -> str | None:
        """The constructor of the service that raised, if one of them did."""
        built = {id(one): function for function, one in self._built.items()}
        found = None
        for frame, _ in walk_tb(error.__traceback__):
            function = built.get(id(frame.f_locals.get("self")))
            found = found if function is None else function.__name__
        return found

    async def close(self, logger: "Logger | LoggerAdapter[Any]") -> None:
        """Closes what can be closed, the newest first."""
        if not self._built:
            return
        import anyio

        # Also where the run is cancelled, but a service that hangs is given up.
        with anyio.move_on_after(_CLOSING_SECONDS, shield=True):
            for service in reversed(list(self._built.values())):
                try:
                    await _close(service)
                except Exception as error:  # noqa: BLE001
                    logger.warning(
                        "service `%s` could not be closed: %s",
                        type(service).__name__,
                        self._secrets.describe(error),
                    )
        self._built.clear()


async def _close(service: Any) -> None:
    close = getattr(service, "aclose", None) or getattr(service, "close", None)
    if callable(close):
        closing = close()
        if inspect.isawaitable(closing):
            await closing


def build(factory: Callable[..., T], /, **arguments: Any) -> T:
    """A service, its arguments rendered and converted to the types it declares.

    No step has run where a service is built: templates see the environment, `secret`,
    `variable` and what depends on nothing.
    """
    building = _building.get() or _Building(Secrets())
    names, rendered = ambient(building.secrets), {}
    for name, value in arguments.items():
        building.parameter = name
        rendered[name] = render(value, names)
        building.secrets.remember_named(name, rendered[name])
    building.parameter = None
    return construct(factory, rendered)
