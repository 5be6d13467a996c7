"""`retry`, `timeout` and `concurrency` of older releases -> policy keys."""

from typing import cast

from otac.config import duration
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, added, entry, made
from otac.source.document import Entry, Mapping, Scalar

# What a `retry` without these keys meant (configuration reference of 1.0).
_ATTEMPTS = 3
_DELAY = 5.0
_FACTOR = 2.0
_MOST_DELAY = 30.0
# How far `jitter: true` spreads a delay; the releases never said.
_JITTER = 0.5


class Policies:
    """Translates policy keys, each at its place."""

    def __init__(self, found: Findings) -> None:
        self._found = found

    def of_step(self, entries: Entries) -> Entries:
        """The policy keys of a pipe."""
        return self._policy(entries, "timeout_seconds")

    def of_runner(self, entries: Entries) -> Entries:
        """The policy keys of a runner; its timeout is that of a whole run."""
        return self._policy(entries, "flow_timeout_seconds")

    def _policy(self, entries: Entries, timeout: str) -> Entries:
        made_of: Entries = {}
        for name, one in entries.items():
            value = one.value
            if name in ("retries", "retry_delay_seconds"):
                made_of[name] = one
            elif isinstance(value, Scalar) and value.value is None:
                continue
            elif name == "retry":
                made_of |= self._retry(one)
            elif name == "timeout":
                made_of |= entry(one.key, timeout, value)
            elif name == "concurrency":
                made_of |= _concurrency(cast(Mapping, value))
            elif name == "priority":
                self._found.without_counterpart(
                    one.key,
                    "Prefect has priorities for work queues, not for runs",
                    "write `work_queue` in today's form, or remove it",
                )
        return made_of

    def _retry(self, retry: Entry) -> Entries:
        node = cast(Mapping, retry.value)
        at = node.entries
        made_of: Entries = {}
        if "on" in at:
            self._found.without_counterpart(
                at["on"].key,
                "a step is tried again after every exception",
                "remove it; `fail()` fails a step without a further attempt",
            )
        attempts, delay = at.get("attempts"), at.get("delay")
        made_of |= _from(attempts, "retries", _ATTEMPTS, retry)
        count = _ATTEMPTS if attempts is None else cast(Scalar, attempts.value).value
        made_of |= _from(delay, "retry_delay_seconds", _DELAY, retry)
        first = _DELAY if delay is None else _seconds(cast(Scalar, delay.value))
        if isinstance(count, int) and count > 1 and first:
            made_of |= _from(
                at.get("backoff_factor"), "retry_backoff_factor", _FACTOR, retry
            )
            longest = max(_MOST_DELAY, first)
            made_of |= _from(
                at.get("max_delay"), "retry_max_delay_seconds", longest, retry
            )
        jitter = at.get("jitter")
        if count and first and jitter is not None:
            made_of |= _jitter(jitter)
        return made_of


def _jitter(jitter: Entry) -> Entries:
    value = cast(Scalar, jitter.value)
    if isinstance(value.value, bool):
        factor = _JITTER if value.value else 0
        return entry(jitter.key, "retry_jitter_factor", made(factor, value, value.text))
    return entry(jitter.key, "retry_jitter_factor", value)


def _from(one: Entry | None, name: str, default: float, at: Entry) -> Entries:
    if one is not None:
        return entry(one.key, name, one.value)
    value = int(default) if float(default).is_integer() else default
    return added(name, made(value, at.key, at.key.text), at.key)


def _seconds(scalar: Scalar) -> float | None:
    value = scalar.value
    if isinstance(value, str):
        return duration.seconds(value)
    return float(value) if isinstance(value, int | float) else None


def _concurrency(node: Mapping) -> Entries:
    made_of: Entries = {}
    workers, exhausted = (
        node.entries.get("max_workers"),
        node.entries.get("when_exhausted"),
    )
    if workers is not None:
        made_of |= entry(workers.key, "concurrency_limit", workers.value)
    if exhausted is not None:
        value = cast(Scalar, exhausted.value)
        collision = "enqueue" if value.text == "wait" else "cancel_new"
        made_of |= entry(exhausted.key, "collision", made(collision, value, value.text))
    return made_of
