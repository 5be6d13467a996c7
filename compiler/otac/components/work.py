"""How a component says that it has found something to do."""

from collections.abc import Callable
from contextvars import ContextVar

# Who wants to know; not an argument, so that a component is called alike everywhere.
listener: ContextVar[Callable[[], None] | None] = ContextVar("otac_work", default=None)


def work_begins() -> None:
    """To be called before anything is changed.

    A tick of a resident runner becomes a run of Prefect's at this moment, and the
    component's step is a task of it. Otherwise it becomes one when the component returns;
    without a window around it, nothing happens.
    """
    if (tell := listener.get()) is not None:
        tell()
