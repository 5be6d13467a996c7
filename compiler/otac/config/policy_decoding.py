"""Policies and durations, decoded."""

from collections.abc import Callable
from typing import Any, TypeVar, cast, get_args

from otac.config import duration
from otac.config.meant_value import meant_duration
from otac.config.model import Located, PolicyConfig, RunPolicyConfig
from otac.config.shape import Lost
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.source.document import Mapping, Node, Scalar, Sequence
from otac.source.unfilled import VALUE_ITSELF, unfilled

# Keys that are read in a way of their own, each with its field.
_PARTICULAR = {
    "retry_delay_seconds": "retry_delays",
    "retry_max_delay_seconds": "retry_max_delay",
    "timeout_seconds": "timeout",
    "on_error": "on_error",
    "tags": "tags",
}
# The others, each with the type of its value: `Located[int] | None` is read with `int`.
_PLAIN: dict[str, Callable[..., Any]] = {
    name: get_args(get_args(annotation)[0])[0]
    for name, annotation in PolicyConfig.__annotations__.items()
    if name not in _PARTICULAR.values()
}
POLICY_KEYS = frozenset((*_PLAIN, *_PARTICULAR))
_NO_POLICY = PolicyConfig()


class PolicyDecoding:
    """Decodes policy keys, and reports durations that are none."""

    def __init__(self, diagnostics: list[Diagnostic], lost: list[Lost]) -> None:
        self._diagnostics = diagnostics
        self._lost = lost

    def policy(self, node: Mapping) -> PolicyConfig:
        """The policy keys of a step, a runner or `defaults`."""
        if POLICY_KEYS.isdisjoint(node.entries):
            return _NO_POLICY
        return PolicyConfig(
            retry_delays=self._delays(node.get("retry_delay_seconds")),
            retry_max_delay=self.duration(node, "retry_max_delay_seconds"),
            timeout=self._timeout(node, "timeout_seconds"),
            on_error=text(node, "on_error"),
            tags=names(node.get("tags")),
            **{key: value(node, key, convert) for key, convert in _PLAIN.items()},
        )

    def run_policy(self, node: Mapping) -> RunPolicyConfig:
        """The policy keys that only runners and `defaults` have."""
        return RunPolicyConfig(
            work_pool=text(node, "work_pool"),
            work_queue=text(node, "work_queue"),
            job_variables=mapping(node, "job_variables"),
            concurrency_limit=value(node, "concurrency_limit", int),
            collision=text(node, "collision"),
            flow_retries=value(node, "flow_retries", int),
            flow_timeout=self._timeout(node, "flow_timeout_seconds"),
            on_failure=optional_names(node.get("on_failure")),
            on_completion=optional_names(node.get("on_completion")),
            on_crashed=optional_names(node.get("on_crashed")),
        )

    def duration(self, node: Mapping, key: str) -> Located[float] | None:
        """The seconds of a duration."""
        scalar = node.get(key)
        if scalar is None:
            return None
        found = self._seconds(cast(Scalar, scalar), key)
        if found is None:
            self._lost.append(Lost(key, node.span))
        return found

    def _timeout(self, node: Mapping, key: str) -> Located[float | None] | None:
        """A duration that `null` switches off."""
        scalar = node.get(key)
        if scalar is None:
            return None
        if cast(Scalar, scalar).value is None:
            return Located(None, scalar.span)
        found = self._seconds(cast(Scalar, scalar), key)
        if found is not None and found.value == 0:
            self._diagnostics.append(
                error(
                    "OTC206",
                    f"`{key}` is 0",
                    found.span,
                    "expected more than 0",
                    help="leave it out, or write `null`, for no timeout",
                )
            )
            return None
        return None if found is None else Located(found.value, found.span)

    def _delays(self, node: Node | None) -> Located[float | tuple[float, ...]] | None:
        if node is None:
            return None
        if isinstance(node, Sequence):
            items = [
                self._seconds(cast(Scalar, item), "retry_delay_seconds")
                for item in node.items
            ]
            return Located(tuple(i.value for i in items if i is not None), node.span)
        found = self._seconds(cast(Scalar, node), "retry_delay_seconds")
        return None if found is None else Located(found.value, found.span)

    def _seconds(self, scalar: Scalar, key: str) -> Located[float] | None:
        if not isinstance(scalar.value, str):
            return Located(
                float(cast(float, scalar.value)), scalar.span, _written(scalar)
            )
        found = duration.seconds(scalar.value)
        if found is None or found > duration.LONGEST:
            # Only a time limit may be none at all.
            may_be_none = key.endswith("timeout_seconds")
            meant = None
            if found is None:
                meant = meant_duration(scalar.value, may_be_none=may_be_none)
            is_open = found is None and unfilled(scalar.value) is not None
            advice = VALUE_ITSELF if is_open else None
            self._diagnostics.append(
                error(
                    "OTC316",
                    f"`{key}` is not a duration",
                    scalar.span,
                    "expected seconds, or a duration such as `90s`, `5m`, `1h30m`, `PT5M`"
                    if found is None
                    else "this is more than a hundred years",
                    help=advice if meant is None else f"write `{meant}`",
                    suggestion=meant,
                )
            )
            return None
        return Located(found, scalar.span, _written(scalar))


def _written(scalar: Scalar) -> str | None:
    return None if scalar.written is None else scalar.written.text


# Readers of nodes whose shape was checked, on which their casts rely.
T = TypeVar("T")


def mapping(node: Mapping, key: str) -> Mapping | None:
    """The mapping under a key, if there is one."""
    return cast("Mapping | None", node.get(key))


def items(node: Mapping, key: str) -> list[Node]:
    """The items of the list under a key, if there is one."""
    sequence = cast("Sequence | None", node.get(key))
    return [] if sequence is None else sequence.items


def located(scalar: Scalar) -> Located[str]:
    """The text of a scalar."""
    written = scalar.written
    return Located(scalar.text, scalar.span, None if written is None else written.text)


def text(node: Mapping, key: str) -> Located[str] | None:
    """The text under a key, if there is one."""
    scalar = node.get(key)
    return None if scalar is None else located(cast(Scalar, scalar))


def value(node: Mapping, key: str, convert: Callable[..., T]) -> Located[T] | None:
    """The value under a key, converted, if there is one."""
    scalar = node.get(key)
    if scalar is None:
        return None
    return Located(convert(cast(Scalar, scalar).value), scalar.span)


def names(node: Node | None) -> tuple[Located[str], ...]:
    """One name, or a list of them."""
    if node is None:
        return ()
    if isinstance(node, Sequence):
        return tuple(located(cast(Scalar, item)) for item in node.items)
    return (located(cast(Scalar, node)),)


def optional_names(node: Node | None) -> tuple[Located[str], ...] | None:
    """As `names`; None where nothing is given."""
    return None if node is None else names(node)
