"""From a tree that fits the schema to the typed configuration."""

from collections.abc import Callable
from typing import TypeVar, cast

from otac.config import duration
from otac.config.model import (
    Config,
    InjectionConfig,
    Located,
    NotificationConfig,
    ParameterConfig,
    PolicyConfig,
    PrefectConfig,
    RunnerConfig,
    RunPolicyConfig,
    ScheduleConfig,
    ServiceConfig,
    StepConfig,
)
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.source.document import Mapping, Node, Scalar, Sequence
from otac.source.span import Span

T = TypeVar("T")

_POLICY_KEYS = frozenset(
    (
        "retries",
        "retry_delay_seconds",
        "retry_backoff_factor",
        "retry_max_delay_seconds",
        "retry_jitter_factor",
        "timeout_seconds",
        "on_error",
        "tags",
    )
)
STEP_KEYS = _POLICY_KEYS | {
    "id",
    "use",
    "injects",
    "params",
    "steps",
    "if",
    "depends_on",
    "for_each",
    "max_concurrency",
}
_NOTIFICATION_SETTINGS = ("url", "to", "smtp", "block")


class Decoder:
    """Decodes one configuration and collects what the schema cannot say.

    The tree has the shape of the schema, which the casts below rely on.
    """

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def config(self, body: Mapping, damaged: list[Span]) -> Config:
        """The whole configuration, from its body."""
        orchestrator = cast(Mapping, body.get("orchestrator"))
        defaults = _mapping(orchestrator, "defaults") or _EMPTY
        infrastructure = _mapping(body, "infrastructure") or _EMPTY
        logging = _mapping(infrastructure, "logging") or _EMPTY
        level = logging.get("level")
        return Config(
            api_version=_text(body, "api_version"),
            plugins=tuple(_plugin(item) for item in _items(body, "plugins")),
            log_level=cast(Scalar, level).text if level is not None else None,
            aliases=tuple(
                (_located(entry.key), _located(cast(Scalar, entry.value)))
                for entry in _mapping(body, "aliases") or ()
            ),
            services=self._services(body.get("services")),
            notifications=tuple(
                self._notification(cast(Mapping, item))
                for item in _items(body, "notifications")
            ),
            policy=self._policy(defaults),
            run_policy=self._run_policy(defaults),
            runners=tuple(
                self._runner(cast(Mapping, item))
                for item in _items(orchestrator, "runners")
            ),
            prefect=_prefect(_mapping(body, "prefect") or _EMPTY),
            damaged=tuple(damaged),
            damaged_sections=_damaged_sections(body, damaged),
        )

    def _runner(self, node: Mapping) -> RunnerConfig:
        schedules = node.get("schedules")
        return RunnerConfig(
            id=_located(cast(Scalar, node.get("pipe_id"))),
            description=_text(node, "description"),
            pipe=self._step(cast(Mapping, node.get("pipe"))),
            parameters=_parameters(_mapping(node, "parameters")),
            schedule=self._schedule(node, with_parameters=False),
            schedules=None
            if schedules is None
            else tuple(
                self._schedule(cast(Mapping, item), with_parameters=True)
                for item in cast(Sequence, schedules).items
            ),
            after=_names(node.get("after")),
            triggers=tuple(cast(Mapping, item) for item in _items(node, "triggers")),
            mode=_text(node, "mode"),
            policy=self._policy(node),
            run_policy=self._run_policy(node),
            span=node.span,
        )

    def _step(self, node: Mapping) -> StepConfig:
        steps = node.get("steps")
        for_each = node.get("for_each")
        head = next(iter(node.entries.values()), None)
        return StepConfig(
            id=_text(node, "id"),
            use=_text(node, "use"),
            injects=tuple(
                InjectionConfig(
                    _located(entry.key), _located(cast(Scalar, entry.value))
                )
                for entry in _mapping(node, "injects") or ()
            ),
            parameters=self._component_parameters(node, STEP_KEYS),
            steps=None
            if steps is None
            else tuple(
                self._step(cast(Mapping, item)) for item in cast(Sequence, steps).items
            ),
            condition=cast("Scalar | None", node.get("if")),
            depends_on=_names(node.get("depends_on")),
            for_each=cast("Scalar | Sequence | None", for_each),
            max_concurrency=_value(node, "max_concurrency", int),
            policy=self._policy(node),
            span=node.span,
            head=node.span if head is None else head.key.span,
        )

    def _component_parameters(
        self, node: Mapping, own_keys: frozenset[str]
    ) -> tuple[ParameterConfig, ...]:
        """The parameters under `params` and beside it, in file order."""
        found: dict[str, ParameterConfig] = {}
        for key, entry in node.entries.items():
            if key == "params":
                for inner in cast(Mapping, entry.value):
                    self._add(found, ParameterConfig(inner.key, inner.value))
            elif key not in own_keys:
                self._add(found, ParameterConfig(entry.key, entry.value))
        return tuple(found.values())

    def _add(
        self, found: dict[str, ParameterConfig], parameter: ParameterConfig
    ) -> None:
        if parameter.name in found:
            self.diagnostics.append(
                error(
                    "OTC329",
                    f"parameter `{parameter.name}` is given twice",
                    parameter.key.span,
                    "once beside `use` and once under `params`",
                    help="keep one of them",
                )
            )
        else:
            found[parameter.name] = parameter

    def _services(self, node: Node | None) -> tuple[ServiceConfig, ...]:
        if node is None:
            return ()
        services: list[ServiceConfig] = []
        keys = frozenset(("id", "use", "params"))
        if isinstance(node, Mapping):
            pairs = [(entry.key, cast(Mapping, entry.value)) for entry in node]
            keys -= {"id"}
        else:
            mappings = [cast(Mapping, item) for item in cast(Sequence, node).items]
            pairs = [(cast(Scalar, item.get("id")), item) for item in mappings]
        for name, service in pairs:
            services.append(
                ServiceConfig(
                    id=_located(name),
                    use=_located(cast(Scalar, service.get("use"))),
                    parameters=self._component_parameters(service, keys),
                    span=service.span,
                )
            )
        return tuple(services)

    def _notification(self, node: Mapping) -> NotificationConfig:
        in_flow = _value(node, "in_flow", bool)
        return NotificationConfig(
            id=_located(cast(Scalar, node.get("id"))),
            channel=_located(cast(Scalar, node.get("use"))),
            events=_names(node.get("on")),
            runners=_names(node.get("runners")),
            in_flow=in_flow is not None and in_flow.value,
            late_after=self._duration(node, "late_after_seconds"),
            subject=_text(node, "subject"),
            message=_text(node, "message"),
            settings=tuple(
                ParameterConfig(entry.key, entry.value)
                for key, entry in node.entries.items()
                if key in _NOTIFICATION_SETTINGS
            ),
            span=cast(Scalar, node.get("id")).span,
        )

    # --- policies and schedules --------------------------------------------------------

    def _policy(self, node: Mapping) -> PolicyConfig:
        if _POLICY_KEYS.isdisjoint(node.entries):
            return _NO_POLICY
        return PolicyConfig(
            retries=_value(node, "retries", int),
            retry_delays=self._delays(node.get("retry_delay_seconds")),
            retry_backoff_factor=_value(node, "retry_backoff_factor", float),
            retry_max_delay=self._duration(node, "retry_max_delay_seconds"),
            retry_jitter_factor=_value(node, "retry_jitter_factor", float),
            timeout=self._timeout(node, "timeout_seconds"),
            on_error=_text(node, "on_error"),
            tags=_names(node.get("tags")),
        )

    def _run_policy(self, node: Mapping) -> RunPolicyConfig:
        return RunPolicyConfig(
            work_pool=_text(node, "work_pool"),
            work_queue=_text(node, "work_queue"),
            job_variables=_mapping(node, "job_variables"),
            concurrency_limit=_value(node, "concurrency_limit", int),
            collision=_text(node, "collision"),
            flow_retries=_value(node, "flow_retries", int),
            flow_timeout=self._timeout(node, "flow_timeout_seconds"),
            on_failure=_optional_names(node.get("on_failure")),
            on_completion=_optional_names(node.get("on_completion")),
            on_crashed=_optional_names(node.get("on_crashed")),
        )

    def _schedule(self, node: Mapping, *, with_parameters: bool) -> ScheduleConfig:
        # A runner's own `parameters` are the flow's, not one schedule's.
        parameters = _mapping(node, "parameters") if with_parameters else None
        head = next(iter(node.entries.values()), None)
        return ScheduleConfig(
            interval=self._duration(node, "interval_seconds"),
            cron=_text(node, "cron"),
            rrule=_text(node, "rrule"),
            timezone=_text(node, "timezone"),
            day_or=_value(node, "day_or", bool),
            anchor_date=_text(node, "anchor_date"),
            active=_value(node, "active", bool),
            parameters=_parameters(parameters),
            slug=_text(node, "slug"),
            head=node.span if head is None else head.key.span,
        )

    def _duration(self, node: Mapping, key: str) -> Located[float] | None:
        scalar = node.get(key)
        return None if scalar is None else self._seconds(cast(Scalar, scalar), key)

    def _timeout(self, node: Mapping, key: str) -> Located[float | None] | None:
        """A duration that `null` switches off."""
        scalar = node.get(key)
        if scalar is None:
            return None
        if cast(Scalar, scalar).value is None:
            return Located(None, scalar.span)
        found = self._seconds(cast(Scalar, scalar), key)
        if found is not None and found.value == 0:
            self.diagnostics.append(
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
            return Located(float(cast(float, scalar.value)), scalar.span)
        found = duration.seconds(scalar.value)
        if found is None or found > _LONGEST:
            self.diagnostics.append(
                error(
                    "OTC316",
                    f"`{key}` is no duration",
                    scalar.span,
                    "expected seconds, or a duration such as `90s`, `5m`, `1h30m`, `PT5M`"
                    if found is None
                    else "this is more than a hundred years",
                )
            )
            return None
        return Located(found, scalar.span)


# --- readers of well-shaped nodes -------------------------------------------------------

_LONGEST = 3153600000.0
_EMPTY = Mapping({}, 0, 0)
_NO_POLICY = PolicyConfig(None, None, None, None, None, None, None, ())


def _damaged_sections(body: Mapping, damaged: list[Span]) -> frozenset[str]:
    found: set[str] = set()
    for key in ("aliases", "services", "notifications", "orchestrator"):
        node = body.get(key)
        if node is None:
            lost = any(span == body.span for span in damaged)
        else:
            lost = any(
                node.start <= span.start and span.end <= node.end for span in damaged
            )
        if lost:
            found.add(key)
    return frozenset(found)


def _mapping(node: Mapping, key: str) -> Mapping | None:
    return cast("Mapping | None", node.get(key))


def _items(node: Mapping, key: str) -> list[Node]:
    sequence = cast("Sequence | None", node.get(key))
    return [] if sequence is None else sequence.items


def _located(scalar: Scalar) -> Located[str]:
    return Located(scalar.text, scalar.span)


def _text(node: Mapping, key: str) -> Located[str] | None:
    scalar = node.get(key)
    return None if scalar is None else _located(cast(Scalar, scalar))


def _value(node: Mapping, key: str, convert: Callable[..., T]) -> Located[T] | None:
    scalar = node.get(key)
    if scalar is None:
        return None
    return Located(convert(cast(Scalar, scalar).value), scalar.span)


def _names(node: Node | None) -> tuple[Located[str], ...]:
    if node is None:
        return ()
    if isinstance(node, Sequence):
        return tuple(_located(cast(Scalar, item)) for item in node.items)
    return (_located(cast(Scalar, node)),)


def _optional_names(node: Node | None) -> tuple[Located[str], ...] | None:
    return None if node is None else _names(node)


def _parameters(node: Mapping | None) -> tuple[ParameterConfig, ...]:
    if node is None:
        return ()
    return tuple(ParameterConfig(entry.key, entry.value) for entry in node)


def _plugin(node: Node) -> Located[str]:
    if isinstance(node, Mapping):
        name = cast(Scalar, node.get("name"))
        version = _text(node, "version")
        text = name.text + (version.value if version else "")
        return Located(text, name.span)
    return _located(cast(Scalar, node))


def _prefect(node: Mapping) -> PrefectConfig:
    return PrefectConfig(
        name=_text(node, "name"),
        work_pool=_text(node, "work_pool"),
        image=_text(node, "image"),
        pull=tuple(cast(Mapping, item) for item in _items(node, "pull")) or None,
    )
