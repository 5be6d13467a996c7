"""What of the log a person wants to see who looks on while a flow runs."""

import logging
import warnings
from collections.abc import Callable
from pathlib import Path

import prefect

import otac.runtime.run

_PREFECT = str(Path(str(prefect.__file__)).parent)
_STEPS = otac.runtime.run.__file__


def show_the_essential(show: Callable[[str], None]) -> None:
    """Hand the log to `show`, without what the outcome of the steps says anyway.

    A line is ``step `fetch`: text``. Tracebacks are left out; `--verbose` shows them.
    """
    logging.getLogger().handlers[:] = [_Handler(show)]
    # Prefect's dependencies deprecate things that nobody here can change.
    warnings.simplefilter("ignore")


class _Handler(logging.Handler):
    def __init__(self, show: Callable[[str], None]) -> None:
        super().__init__()
        self.addFilter(_is_essential)
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001
            # Arguments that do not fit: logging's own way to say so.
            self.handleError(record)
            return
        if step := getattr(record, "task_run_name", None):
            text = f"step `{step}`: {text}"
        if record.levelno > logging.INFO:
            text = f"{record.levelname.lower()}: {text}"
        self._show(text)


def _is_essential(record: logging.LogRecord) -> bool:
    """Drops how Prefect proceeds, and steps that failed or were skipped.

    That a step will be tried again stays: nothing else would tell why there is a pause.
    """
    if record.pathname == _STEPS:
        return False
    if not record.pathname.startswith(_PREFECT) or record.funcName == "print_as_log":
        return True
    return record.funcName == "handle_retry" and record.levelno == logging.INFO
