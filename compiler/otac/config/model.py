"""The configuration as it was written: typed, checked in shape, nothing filled in yet.

None stands for a key that is absent. Values of component parameters stay nodes, since only
the component knows what they mean.

Named tuples, since a large configuration makes a hundred thousand of them and a frozen
dataclass costs four times as much to make.
"""

from typing import Generic, NamedTuple, TypeVar

from otac.source.document import Mapping, Node, Scalar, Sequence, Span

T = TypeVar("T")


class Located(NamedTuple, Generic[T]):
    """A value and where it stands.

    `written` is what stands there, where a dialect calls the value something else.
    """

    value: T
    span: Span
    written: str | None = None

    @property
    def shown(self) -> str:
        """The value as the user wrote it, for messages."""
        return str(self.value) if self.written is None else self.written


class PolicyConfig(NamedTuple):
    """The policy keys of a step, a runner or `defaults`. Durations are seconds.

    A field that has the name and the type of its key needs no reader of its own.
    """

    retries: Located[int] | None = None
    retry_delays: Located[float | tuple[float, ...]] | None = None
    retry_backoff_factor: Located[float] | None = None
    retry_max_delay: Located[float] | None = None
    retry_jitter_factor: Located[float] | None = None
    timeout: Located[float | None] | None = None
    on_error: Located[str] | None = None
    tags: tuple[Located[str], ...] = ()


class RunPolicyConfig(NamedTuple):
    """The policy keys that only runners and `defaults` have."""

    work_pool: Located[str] | None
    work_queue: Located[str] | None
    job_variables: Mapping | None
    concurrency_limit: Located[int] | None
    collision: Located[str] | None
    flow_retries: Located[int] | None
    flow_timeout: Located[float | None] | None
    on_failure: tuple[Located[str], ...] | None
    on_completion: tuple[Located[str], ...] | None
    on_crashed: tuple[Located[str], ...] | None


class ParameterConfig(NamedTuple):
    """A named value. `is_beside` is true where it stands beside `use`."""

    key: Scalar
    value: Node
    is_beside: bool = False

    @property
    def name(self) -> str:
        return self.key.text

    @property
    def shown(self) -> str:
        """The name as the user wrote it, for messages."""
        return self.key.shown


class InjectionConfig(NamedTuple):
    """`parameter: service` of `injects`."""

    parameter: Located[str]
    service: Located[str]


class StepConfig(NamedTuple):
    """A step. `head` is a short place that stands for the whole: its first key."""

    id: Located[str] | None
    use: Located[str] | None
    injects: tuple[InjectionConfig, ...]
    parameters: tuple[ParameterConfig, ...]
    steps: "tuple[StepConfig, ...] | None"
    condition: Scalar | None
    depends_on: tuple[Located[str], ...]
    for_each: Scalar | Sequence | None
    max_concurrency: Located[int] | None
    policy: PolicyConfig
    span: Span
    head: Span


class ScheduleConfig(NamedTuple):
    """The scheduling keys of a runner or of one entry of its `schedules`."""

    interval: Located[float] | None
    cron: Scalar | None
    rrule: Located[str] | None
    timezone: Located[str] | None
    day_or: Located[bool] | None
    anchor_date: Located[str] | None
    active: Located[bool] | None
    parameters: tuple[ParameterConfig, ...]
    slug: Located[str] | None
    head: Span


class RunnerConfig(NamedTuple):
    """One entry of `orchestrator.runners`. `id_key` is what the user calls `pipe_id`."""

    id: Located[str]
    id_key: str
    description: Located[str] | None
    pipe: StepConfig
    parameters: tuple[ParameterConfig, ...]
    schedule: ScheduleConfig
    schedules: tuple[ScheduleConfig, ...] | None
    after: tuple[Located[str], ...]
    triggers: tuple[Mapping, ...]
    mode: Located[str] | None
    window: Located[float] | None
    policy: PolicyConfig
    run_policy: RunPolicyConfig
    span: Span


class ServiceConfig(NamedTuple):
    """One entry of `services`."""

    id: Located[str]
    use: Located[str]
    parameters: tuple[ParameterConfig, ...]
    span: Span


class NotificationConfig(NamedTuple):
    """One entry of `notifications`; `settings` are the channel's own keys."""

    id: Located[str]
    channel: Located[str]
    events: tuple[Located[str], ...]
    runners: tuple[Located[str], ...]
    in_flow: bool
    late_after: Located[float] | None
    subject: Located[str] | None
    message: Located[str] | None
    settings: tuple[ParameterConfig, ...]
    span: Span


class PrefectConfig(NamedTuple):
    """The `prefect` section."""

    name: Located[str] | None
    work_pool: Located[str] | None
    image: Located[str] | None
    start: Located[str] | None
    pull: tuple[Mapping, ...] | None


class Config(NamedTuple):
    """A whole configuration.

    With `embeds`, a service that is needed and not defined is the embedded one. `damaged` are places from which the shape check took something out, `damaged_sections`
    the top-level keys whose own names may therefore be incomplete.
    """

    api_version: Located[str] | None
    plugins: tuple[Located[str], ...]
    log_level: str | None
    aliases: tuple[tuple[Located[str], Located[str]], ...]
    services: tuple[ServiceConfig, ...]
    notifications: tuple[NotificationConfig, ...]
    policy: PolicyConfig
    run_policy: RunPolicyConfig
    runners: tuple[RunnerConfig, ...]
    prefect: PrefectConfig
    damaged: tuple[Span, ...]
    damaged_sections: frozenset[str]
    embeds: bool = True
