"""The intermediate representation: what will be written, with every default applied.

Small, closed and frozen. Whoever reads it needs no YAML, no schema and no defaults: a
schedule is a type, a policy is complete, a reference is resolved.
"""

from dataclasses import dataclass
from typing import TypeAlias

from otac.source.document import Json, Scalar
from otac.source.span import Span

# --- values ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal:
    """A value known at compile time. `data` is JSON; it is never changed."""

    data: Json
    origin: Span


@dataclass(frozen=True, slots=True)
class Template:
    """Jinja text, rendered at run time inside the step that needs it.

    `scalar` is where the text stands, so that a finding can point into it; None for a
    template that the compiler made.
    """

    text: str
    origin: Span
    scalar: Scalar | None = None


@dataclass(frozen=True, slots=True)
class FlowArgument:
    """A parameter of the flow, handed to the step under its own name."""

    name: str
    origin: Span


@dataclass(frozen=True, slots=True)
class ListValue:
    """A list in which at least one item is not a literal."""

    items: tuple["Value", ...]
    origin: Span


@dataclass(frozen=True, slots=True)
class MappingValue:
    """A mapping in which at least one value is not a literal."""

    entries: tuple[tuple[str, "Value"], ...]
    origin: Span


Value: TypeAlias = Literal | Template | FlowArgument | ListValue | MappingValue


@dataclass(frozen=True, slots=True)
class Argument:
    """A named value for a component, a service or a composite's `config`."""

    name: str
    value: Value


# --- components ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Component:
    """What `use` names: an importable object, e.g. `otac.components` `FetchTickets`."""

    module: str
    name: str
    origin: Span


@dataclass(frozen=True, slots=True)
class Injection:
    """A service for a component's parameter."""

    parameter: str
    service: str


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of `services`. `title` is its id as the user wrote it."""

    title: str
    component: Component
    arguments: tuple[Argument, ...]
    origin: Span


# --- steps -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Policy:
    """How one step is tried. Delays and timeouts are seconds.

    `retry_delays` is a single delay for all retries, or one delay for each of them (at
    most 50, which is Prefect's limit).
    """

    retries: int
    retry_delays: float | tuple[float, ...]
    retry_jitter_factor: float | None
    timeout_seconds: float | None
    continue_on_error: bool


@dataclass(frozen=True, slots=True)
class ForEach:
    """Run the step once per item of `items`."""

    items: Template | Literal
    max_concurrency: int


@dataclass(frozen=True, slots=True)
class Call:
    """A step that calls a component; it becomes one Prefect task."""

    component: Component
    arguments: tuple[Argument, ...]
    injections: tuple[Injection, ...]


@dataclass(frozen=True, slots=True)
class Composite:
    """A step that is a list of steps; `config` is what they read as `config`."""

    steps: tuple["Step", ...]
    config: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `path` holds the ids of the enclosing composites and its own.

    `condition` is None for a step that always runs. `asks_failure` is true where the
    condition asks `has_failed(...)`: such a step is considered even after a failure.
    """

    id: str
    path: tuple[str, ...]
    action: Call | Composite
    policy: Policy
    tags: tuple[str, ...]
    condition: Template | Literal | None
    asks_failure: bool
    depends_on: tuple[str, ...]
    for_each: ForEach | None
    origin: Span
    depends_on_at: tuple[Span, ...] = ()


# --- runners ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Interval:
    """Every `seconds`; `anchor` is an ISO 8601 instant that fixes the phase."""

    seconds: float
    anchor: str
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression, read in `timezone` (None: UTC)."""

    expression: str
    timezone: str | None
    day_or: bool


@dataclass(frozen=True, slots=True)
class RRule:
    """An iCalendar recurrence rule."""

    rule: str
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule of a deployment; `slug` is unique within it."""

    when: Interval | Cron | RRule
    slug: str
    active: bool
    parameters: tuple[tuple[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A typed parameter of a flow. `annotation` is Python: `str`, `list[Any]`, ..."""

    name: str
    annotation: str
    default: Json
    origin: Span


@dataclass(frozen=True, slots=True)
class FunctionHook:
    """`module:function`, called by Prefect as a state hook."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class NotificationHook:
    """A notification of this configuration, sent from the flow's own process."""

    notification: str


Hook: TypeAlias = FunctionHook | NotificationHook


@dataclass(frozen=True, slots=True)
class Hooks:
    """What Prefect calls when a run ends."""

    on_failure: tuple[Hook, ...]
    on_completion: tuple[Hook, ...]
    on_crashed: tuple[Hook, ...]


@dataclass(frozen=True, slots=True)
class Concurrency:
    """Runs of one deployment at a time, and what happens to one too many."""

    limit: int
    enqueue: bool


@dataclass(frozen=True, slots=True)
class WorkPool:
    """Where runs go."""

    name: str
    queue: str | None
    job_variables: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Runner:
    """One flow and one deployment, both named `id`.

    `steps` is the flow's own list: the steps of a composite pipe, or the single step of a
    pipe that names a component. `config` is what the list reads as `config`.
    """

    id: str
    description: str | None
    parameters: tuple[Parameter, ...]
    schedules: tuple[Schedule, ...]
    after: tuple[str, ...]
    triggers: tuple[dict[str, Json], ...]
    steps: tuple[Step, ...]
    config: tuple[Argument, ...]
    tags: tuple[str, ...]
    work_pool: WorkPool
    concurrency: Concurrency
    flow_retries: int
    flow_timeout_seconds: float | None
    hooks: Hooks
    origin: Span


@dataclass(frozen=True, slots=True)
class Notification:
    """One entry of `notifications`.

    `channel` is `slack`, `teams`, `email`, `webhook` or `apprise`. `runners` is empty for
    all runners. `settings` are the channel's own keys (`url`, `to`, `block`, ...).
    """

    id: str
    channel: str
    events: tuple[str, ...]
    runners: tuple[str, ...]
    in_flow: bool
    late_after_seconds: float
    subject: str | None
    message: str | None
    settings: tuple[Argument, ...]
    origin: Span


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that will be written.

    `source` is the configuration's file name (no folder), for the headers. `pull` are the
    user's own pull steps, or None for the project folder itself.
    """

    name: str
    source: str
    runners: tuple[Runner, ...]
    services: tuple[Service, ...]
    notifications: tuple[Notification, ...]
    pull: tuple[dict[str, Json], ...] | None
    log_level: str | None
