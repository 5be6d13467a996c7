"""Keeps what a terminal would obey out of Prefect's log.

Whatever a component prints, logs or raises may quote a ticket, and tickets are written by
anybody.
"""

import logging

from otac.components.refusal import harmless, is_harmless

_FORMATTER = logging.Formatter()


def harmless_logs() -> None:
    """From now on, in this process, for the logs of runs. Doing it again changes nothing."""
    for name in ("prefect.flow_runs", "prefect.task_runs", "otac.components"):
        logging.getLogger(name).addFilter(_clean)


def _clean(record: logging.LogRecord) -> bool:
    try:
        message = record.getMessage()
    except Exception:  # noqa: BLE001
        # Arguments that do not fit: whoever writes the line says so.
        return True
    if not is_harmless(message):
        record.msg, record.args = harmless(message), None
    if record.exc_info and not record.exc_text:
        # Formatters take this one where it is there.
        text = _FORMATTER.formatException(record.exc_info)
        if not is_harmless(text):
            record.exc_text = harmless(text)
    return True
