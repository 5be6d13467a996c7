"""Short ways to write values of the IR by hand."""

from collections.abc import Mapping
from typing import Any

from otac.lower.project import (
    Argument,
    Call,
    Component,
    Composite,
    Concurrency,
    FlowArgument,
    ForEach,
    Hooks,
    Injection,
    ListValue,
    Literal,
    MappingValue,
    Notification,
    Parameter,
    Policy,
    Project,
    Runner,
    Schedule,
    Service,
    Step,
    Template,
    Value,
    WorkPool,
)
from otac.schedules import Cron, Interval, RRule
from otac.source.document import Json, Span

SPAN = Span(0, 0)
ANCHOR = "2025-01-01T00:00:00+00:00"
NO_HOOKS = Hooks((), (), ())
POOL = WorkPool("default", None, {})
ONE_AT_A_TIME = Concurrency(1, False)


class Jinja(str):
    """Text that becomes a template."""


class FromFlow(str):
    """The name of a flow parameter that is handed on."""


def value(data: Any) -> Value:
    if isinstance(data, Jinja):
        return Template(str(data), SPAN)
    if isinstance(data, FromFlow):
        return FlowArgument(str(data), SPAN)
    if isinstance(data, list):
        items = tuple(value(item) for item in data)
        if all(isinstance(item, Literal) for item in items):
            return Literal(data, SPAN)
        return ListValue(items, SPAN)
    if isinstance(data, dict):
        entries = tuple((key, value(item)) for key, item in data.items())
        if all(isinstance(item, Literal) for _, item in entries):
            return Literal(data, SPAN)
        return MappingValue(entries, SPAN)
    return Literal(data, SPAN)


def arguments(values: Mapping[str, object]) -> tuple[Argument, ...]:
    return tuple(Argument(name, value(data)) for name, data in values.items())


def component(path: str) -> Component:
    module, _, name = path.partition(":")
    return Component(module, name, SPAN)


def policy(
    retries: int = 2,
    delays: float | tuple[float, ...] = 30.0,
    jitter: float | None = None,
    timeout: float | None = None,
    on_error: str = "stop",
) -> Policy:
    return Policy(retries, delays, jitter, timeout, on_error)


BUILT_IN = policy()


def step(
    id: str,
    use: str,
    values: Mapping[str, object] | None = None,
    *,
    within: tuple[str, ...] = (),
    injects: Mapping[str, str] | None = None,
    when: object = None,
    depends_on: tuple[str, ...] = (),
    for_each: object = None,
    max_concurrency: int = 1,
    asks_failure: bool = False,
    tags: tuple[str, ...] = (),
    policy: Policy = BUILT_IN,
) -> Step:
    action = Call(
        component(use),
        arguments(values or {}),
        tuple(Injection(*pair) for pair in (injects or {}).items()),
    )
    return Step(
        id=id,
        path=(*within, id),
        action=action,
        policy=policy,
        tags=tags,
        condition=None if when is None else _expression(when),
        asks_failure=asks_failure,
        depends_on=depends_on,
        for_each=None
        if for_each is None
        else ForEach(_expression(for_each), max_concurrency),
        origin=SPAN,
    )


def composite(
    id: str,
    *steps: Step,
    within: tuple[str, ...] = (),
    config: Mapping[str, object] | None = None,
    when: object = None,
    depends_on: tuple[str, ...] = (),
    for_each: object = None,
    max_concurrency: int = 1,
    asks_failure: bool = False,
    policy: Policy = BUILT_IN,
) -> Step:
    return Step(
        id=id,
        path=(*within, id),
        action=Composite(steps, arguments(config or {})),
        policy=policy,
        tags=(),
        condition=None if when is None else _expression(when),
        asks_failure=asks_failure,
        depends_on=depends_on,
        for_each=None
        if for_each is None
        else ForEach(_expression(for_each), max_concurrency),
        origin=SPAN,
    )


def every(
    seconds: float,
    *,
    active: bool = True,
    parameters: Mapping[str, Json] | None = None,
) -> Schedule:
    when = Interval(seconds, ANCHOR, None)
    return schedule(when, "interval", active=active, parameters=parameters)


def schedule(
    when: Interval | Cron | RRule,
    slug: str,
    *,
    active: bool = True,
    parameters: Mapping[str, Json] | None = None,
) -> Schedule:
    return Schedule(when, slug, active, tuple((parameters or {}).items()))


def parameter(name: str, annotation: str, default: Json) -> Parameter:
    return Parameter(name, annotation, default, SPAN)


def runner(
    id: str,
    *steps: Step,
    description: str | None = None,
    parameters: tuple[Parameter, ...] = (),
    schedules: tuple[Schedule, ...] = (),
    after: tuple[str, ...] = (),
    triggers: tuple[dict[str, Json], ...] = (),
    config: Mapping[str, object] | None = None,
    tags: tuple[str, ...] | None = None,
    work_pool: WorkPool = POOL,
    concurrency: Concurrency = ONE_AT_A_TIME,
    flow_retries: int = 0,
    flow_timeout: float | None = None,
    hooks: Hooks = NO_HOOKS,
) -> Runner:
    return Runner(
        id=id,
        description=description,
        parameters=parameters,
        schedules=schedules,
        after=after,
        triggers=triggers,
        steps=steps,
        config=arguments(config or {}),
        tags=("open-ticket-ai", id) if tags is None else tags,
        work_pool=work_pool,
        concurrency=concurrency,
        flow_retries=flow_retries,
        flow_timeout_seconds=flow_timeout,
        hooks=hooks,
        origin=SPAN,
    )


def service(
    title: str, use: str, values: Mapping[str, object] | None = None
) -> Service:
    return Service(title, component(use), arguments(values or {}), SPAN)


def notification(
    id: str,
    channel: str,
    *events: str,
    runners: tuple[str, ...] = (),
    in_flow: bool = False,
    late_after: float = 15.0,
    subject: str | None = None,
    message: str | None = None,
    settings: Mapping[str, object] | None = None,
) -> Notification:
    return Notification(
        id=id,
        channel=channel,
        events=events,
        runners=runners,
        in_flow=in_flow,
        late_after_seconds=late_after,
        subject=subject,
        message=message,
        settings=arguments(settings or {}),
        origin=SPAN,
    )


def project(
    *runners: Runner,
    services: tuple[Service, ...] = (),
    notifications: tuple[Notification, ...] = (),
    pull: tuple[dict[str, Json], ...] | None = None,
    log_level: str | None = None,
    source: str = "config.yml",
) -> Project:
    return Project(
        name="open-ticket-ai",
        source=source,
        runners=runners,
        services=services,
        notifications=notifications,
        pull=pull,
        log_level=log_level,
    )


def _expression(data: object) -> Literal | Template:
    expression = value(data)
    assert isinstance(expression, Literal | Template)
    return expression
