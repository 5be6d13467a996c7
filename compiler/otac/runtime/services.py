"""Services: built once a run, closed at its end."""

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from logging import Logger, LoggerAdapter
from threading import RLock
from typing import Any, TypeAlias, TypeVar

from otac.components import construct
from otac.runtime.ambient import ambient
from otac.runtime.secrets import Secrets
from otac.runtime.template import render

T = TypeVar("T")

_CLOSING_SECONDS = 10.0

# Constructors take no arguments, so that generated code reads plainly.
_secrets: ContextVar[Secrets | None] = ContextVar("otac_secrets", default=None)

# Given a constructor's name and what builds the service, gives a service that is not the
# run's: it is asked each time, and the run does not close what it gives.
Lender: TypeAlias = Callable[[str, Callable[[], Any]], Any]
lender: ContextVar[Lender | None] = ContextVar("otac_lender", default=None)


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
            service: T = self._built[constructor]
            return service

    def _build(self, constructor: Callable[[], T]) -> T:
        token = _secrets.set(self._secrets)
        try:
            return constructor()
        finally:
            _secrets.reset(token)

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
    secrets = _secrets.get() or Secrets()
    rendered = render(arguments, ambient(secrets))
    for name, value in rendered.items():
        secrets.remember_named(name, value)
    return construct(factory, rendered)
