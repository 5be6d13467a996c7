"""The logger of a component of Open Ticket AI: Python's own, without credentials."""

import logging
from typing import Any

from otac.components.open_ticket_ai.base import AppLogger, LoggerFactory
from otac.components.refusal import harmless

_SHORTEST = 3


class Logger(AppLogger):
    """Logs below `otac.components`."""

    def __init__(self, factory: "Loggers", name: str) -> None:
        self._factory = factory
        self._logger = logging.getLogger(f"otac.components.open_ticket_ai.{name}")

    def debug(self, message: str, **kwargs: Any) -> None:
        self._log(logging.DEBUG, message, kwargs)

    def info(self, message: str, **kwargs: Any) -> None:
        self._log(logging.INFO, message, kwargs)

    def warning(self, message: str, **kwargs: Any) -> None:
        self._log(logging.WARNING, message, kwargs)

    def error(self, message: str, **kwargs: Any) -> None:
        self._log(logging.ERROR, message, kwargs)

    def exception(self, message: str, **kwargs: Any) -> None:
        # Without the traceback: it may quote what the line must not.
        self._log(logging.ERROR, message, kwargs)

    def _log(self, level: int, message: str, _: dict[str, Any]) -> None:
        if self._factory.constructing and level < logging.WARNING:
            # The base class of 1.5 writes out its whole configuration.
            return
        if self._logger.isEnabledFor(level):
            self._logger.log(level, "%s", self._factory.scrub(str(message)))


class Loggers(LoggerFactory):
    """Makes the loggers of one component, which never print one of `secrets`."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self.constructing = True
        self._secrets = [text for text in secrets if len(text) >= _SHORTEST]

    def create(self, name: str, *args: Any, **kwargs: Any) -> AppLogger:
        return Logger(self, name)

    def scrub(self, text: str) -> str:
        """The text with `***` for each secret, and nothing that a terminal obeys."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return harmless(text)
