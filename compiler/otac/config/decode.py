"""From a tree that fits the schema to the typed configuration."""

from typing import cast

from otac.config.model import (
    Config,
    InjectionConfig,
    Located,
    NotificationConfig,
    ParameterConfig,
    PrefectConfig,
    RunnerConfig,
    ScheduleConfig,
    ServiceConfig,
    StepConfig,
)
from otac.config.policy_decoding import (
    POLICY_KEYS,
    PolicyDecoding,
    items,
    located,
    mapping,
    names,
    text,
    value,
)
from otac.config.shape import Lost
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.source.document import Mapping, Node, Scalar, Sequence, Span

STEP_KEYS = POLICY_KEYS | {
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
        self.lost: list[Lost] = []
        self._policies = PolicyDecoding(self.diagnostics, self.lost)

    def config(self, body: Mapping, damaged: list[Span]) -> Config:
        """The whole configuration, from its body."""
        orchestrator = cast(Mapping, body.get("orchestrator"))
        defaults = mapping(orchestrator, "defaults") or _EMPTY
        infrastructure = mapping(body, "infrastructure") or _EMPTY
        logging = mapping(infrastructure, "logging") or _EMPTY
        level = logging.get("level")
        return Config(
            api_version=text(body, "api_version"),
            plugins=tuple(_plugin(item) for item in items(body, "plugins")),
            log_level=cast(Scalar, level).text if level is not None else None,
            aliases=tuple(
                (located(entry.key), located(cast(Scalar, entry.value)))
                for entry in mapping(body, "aliases") or ()
            ),
            services=self._services(body.get("services")),
            notifications=tuple(
                self._notification(cast(Mapping, item))
                for item in items(body, "notifications")
            ),
            policy=self._policies.policy(defaults),
            run_policy=self._policies.run_policy(defaults),
            runners=tuple(
                self._runner(cast(Mapping, item))
                for item in items(orchestrator, "runners")
            ),
            prefect=_prefect(mapping(body, "prefect") or _EMPTY),
            damaged=tuple(damaged),
            damaged_sections=_damaged_sections(body, damaged),
        )

    def _runner(self, node: Mapping) -> RunnerConfig:
        schedules = node.get("schedules")
        return RunnerConfig(
            id=located(cast(Scalar, node.get("pipe_id"))),
            id_key=node.entries["pipe_id"].key.shown,
            description=text(node, "description"),
            pipe=self._step(cast(Mapping, node.get("pipe"))),
            parameters=_parameters(mapping(node, "parameters")),
            schedule=self._schedule(node, with_parameters=False),
            schedules=None
            if schedules is None
            else tuple(
                self._schedule(cast(Mapping, item), with_parameters=True)
                for item in cast(Sequence, schedules).items
            ),
            after=names(node.get("after")),
            triggers=tuple(cast(Mapping, item) for item in items(node, "triggers")),
            mode=text(node, "mode"),
            window=self._policies.duration(node, "window_seconds"),
            policy=self._policies.policy(node),
            run_policy=self._policies.run_policy(node),
            span=node.span,
        )

    def _step(self, node: Mapping) -> StepConfig:
        steps = node.get("steps")
        for_each = node.get("for_each")
        head = next(iter(node.entries.values()), None)
        return StepConfig(
            id=text(node, "id"),
            use=text(node, "use"),
            injects=tuple(
                InjectionConfig(located(entry.key), located(cast(Scalar, entry.value)))
                for entry in mapping(node, "injects") or ()
            ),
            parameters=self._component_parameters(node, STEP_KEYS),
            steps=None
            if steps is None
            else tuple(
                self._step(cast(Mapping, item)) for item in cast(Sequence, steps).items
            ),
            condition=cast("Scalar | None", node.get("if")),
            depends_on=names(node.get("depends_on")),
            for_each=cast("Scalar | Sequence | None", for_each),
            max_concurrency=value(node, "max_concurrency", int),
            policy=self._policies.policy(node),
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
                self._add(found, ParameterConfig(entry.key, entry.value, True))
        return tuple(found.values())

    def _add(
        self, found: dict[str, ParameterConfig], parameter: ParameterConfig
    ) -> None:
        if parameter.name in found:
            self.diagnostics.append(
                error(
                    "OTC329",
                    f"parameter `{parameter.shown}` is given twice",
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
                    id=located(name),
                    use=located(cast(Scalar, service.get("use"))),
                    parameters=self._component_parameters(service, keys),
                    span=service.span,
                )
            )
        return tuple(services)

    def _notification(self, node: Mapping) -> NotificationConfig:
        in_flow = value(node, "in_flow", bool)
        return NotificationConfig(
            id=located(cast(Scalar, node.get("id"))),
            channel=located(cast(Scalar, node.get("use"))),
            events=names(node.get("on")),
            runners=names(node.get("runners")),
            in_flow=in_flow is not None and in_flow.value,
            late_after=self._policies.duration(node, "late_after_seconds"),
            subject=text(node, "subject"),
            message=text(node, "message"),
            settings=tuple(
                ParameterConfig(entry.key, entry.value)
                for key, entry in node.entries.items()
                if key in _NOTIFICATION_SETTINGS
            ),
            span=cast(Scalar, node.get("id")).span,
        )

    def _schedule(self, node: Mapping, *, with_parameters: bool) -> ScheduleConfig:
        # A runner's own `parameters` are the flow's, not one schedule's.
        parameters = mapping(node, "parameters") if with_parameters else None
        head = next(iter(node.entries.values()), None)
        return ScheduleConfig(
            interval=self._policies.duration(node, "interval_seconds"),
            cron=cast("Scalar | None", node.get("cron")),
            rrule=text(node, "rrule"),
            timezone=text(node, "timezone"),
            day_or=value(node, "day_or", bool),
            anchor_date=text(node, "anchor_date"),
            active=value(node, "active", bool),
            parameters=_parameters(parameters),
            slug=text(node, "slug"),
            head=node.span if head is None else head.key.span,
        )


_EMPTY = Mapping({}, 0, 0)


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


def _parameters(node: Mapping | None) -> tuple[ParameterConfig, ...]:
    if node is None:
        return ()
    return tuple(ParameterConfig(entry.key, entry.value) for entry in node)


def _plugin(node: Node) -> Located[str]:
    if isinstance(node, Mapping):
        name = located(cast(Scalar, node.get("name")))
        version = text(node, "version")
        # With a blank between them, a bare version stays apart from the name.
        return name if version is None else _requirement(name, version)
    return located(cast(Scalar, node))


def _requirement(name: Located[str], version: Located[str]) -> Located[str]:
    return Located(f"{name.value} {version.value}", version.span)


def _prefect(node: Mapping) -> PrefectConfig:
    return PrefectConfig(
        name=text(node, "name"),
        work_pool=text(node, "work_pool"),
        image=text(node, "image"),
        start=text(node, "start"),
        pull=tuple(cast(Mapping, item) for item in items(node, "pull")) or None,
    )
