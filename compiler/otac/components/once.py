"""What stays the same however often a step is tried."""

from collections.abc import Callable
from contextvars import ContextVar

_RUN = "run:"

# Not an argument of components: what is around them says it, if anything does.
step_key: ContextVar[Callable[[], str] | None] = ContextVar(
    "otac_step_key", default=None
)


def idempotency_key() -> str | None:
    """A text for this step of this run, to be given to whoever does a thing only once.

    The same in each attempt: of the step, of a run that is tried again, also after its
    process was killed. Steps, items of a for-each and runs have different ones. None
    outside of a run.
    """
    where = step_key.get()
    return None if where is None else f"{_RUN}{where()}"


def is_of_a_run(key: str) -> bool:
    """Whether nobody has written the key into a configuration."""
    return key.startswith(_RUN)
