"""Policies: the nearest of step, enclosing composites, runner, defaults and built-in."""

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from otac.config.model import Located, PolicyConfig
from otac.diagnostics.diagnostic import Label, error, warning
from otac.lower.context import Context
from otac.lower.project import OnError, Policy

T = TypeVar("T")

RETRIES = 2
RETRY_DELAY = 30.0
# Prefect takes at most so many delays and repeats the last one.
MOST_DELAYS = 50
# Prefect keeps runs and delays as 32-bit seconds in places; a year is a mistake anyway.
LONGEST_DELAY = 31_536_000.0

Levels = tuple[PolicyConfig, ...]


def nearest(
    levels: Levels, pick: Callable[[PolicyConfig], Located[T] | None]
) -> Located[T] | None:
    """The first level, from the nearest outwards, that says something."""
    for level in levels:
        found = pick(level)
        if found is not None:
            return found
    return None


def lower_policy(context: Context, levels: Levels) -> Policy:
    """The policy of a step; `levels` run from the step outwards."""
    retries_at = nearest(levels, lambda p: p.retries)
    jitter_at = nearest(levels, lambda p: p.retry_jitter_factor)
    timeout_at = nearest(levels, lambda p: p.timeout)
    on_error_at = nearest(levels, lambda p: p.on_error)
    retries = RETRIES if retries_at is None else retries_at.value
    return Policy(
        retries=retries,
        retry_delays=_delays(context, levels, retries),
        retry_jitter_factor=(jitter_at.value if jitter_at else 0.0) or None,
        timeout_seconds=None if timeout_at is None else timeout_at.value,
        on_error="stop" if on_error_at is None else cast(OnError, on_error_at.value),
    )


def lower_tags(levels: Levels) -> tuple[str, ...]:
    """Tags from the outside in, each once."""
    tags = (tag.value for level in reversed(levels) for tag in level.tags)
    return tuple(dict.fromkeys(tags))


def _delays(
    context: Context, levels: Levels, retries: int
) -> float | tuple[float, ...]:
    for number, level in enumerate(levels):
        delays = level.retry_delays
        if delays is not None and isinstance(delays.value, tuple):
            listed = Located(delays.value, delays.span)
            return _listed(context, levels[: number + 1], listed, retries)
        if delays is not None or level.retry_backoff_factor is not None:
            break  # nearer than any list, which it replaces
    first = nearest(levels, _one_delay)
    factor = nearest(levels, lambda p: p.retry_backoff_factor)
    limit = nearest(levels, lambda p: p.retry_max_delay)
    delay = RETRY_DELAY if first is None else first.value
    if factor is None or factor.value == 1.0:
        return delay if limit is None else min(delay, limit.value)
    longest = LONGEST_DELAY if limit is None else limit.value
    return tuple(_backoff(delay, factor.value, longest, min(retries, MOST_DELAYS)))


def _one_delay(policy: PolicyConfig) -> Located[float] | None:
    delays = policy.retry_delays
    if delays is None or isinstance(delays.value, tuple):
        return None
    return Located(delays.value, delays.span)


def _listed(
    context: Context, levels: Levels, listed: Located[tuple[float, ...]], retries: int
) -> float | tuple[float, ...]:
    """The delays of a list, which stands at the last of `levels`."""
    delays, factor = listed.value, levels[-1].retry_backoff_factor
    if factor is not None:
        context.report(
            error(
                "OTC354",
                "`retry_backoff_factor` does not go with a list of delays",
                factor.span,
                "a factor needs one delay to start from",
                labels=(Label(listed.span, "the list of delays"),),
                help="keep the list, or write the first delay as a number",
            )
        )
    # Fewer retries at a nearer level were asked for with the list in view.
    are_cut_short = any(level.retries is not None for level in levels[:-1])
    if len(delays) > retries and not are_cut_short:
        count = f"{len(delays)} delays are" if len(delays) > 1 else "1 delay is"
        context.report(
            warning(
                "OTC355",
                f"{count} listed for {retries} {'retry' if retries == 1 else 'retries'}",
                listed.span,
                _used(retries),
                help=f"write `retries: {len(delays)}`, or a shorter list",
            )
        )
    return delays[: max(retries, 1)]


def _used(retries: int) -> str:
    if retries > 1:
        return f"only the first {retries} are used"
    return "only the first is used" if retries else "none is used"


def _backoff(
    first: float, factor: float, longest: float, count: int
) -> Iterable[float]:
    delay = min(first, longest)
    for _ in range(count):
        yield round(delay, 6)
        delay = min(delay * factor, longest)
