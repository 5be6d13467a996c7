"""The intermediate representation: what will be written, with every default applied.

Small, closed and frozen. Whoever reads it needs no YAML, no schema and no defaults: a
schedule is a type, a policy is complete, a reference is resolved.

Named tuples for the same reason as in `config/model.py`.
"""

from collections.abc import Iterator, Sequence
from typing import Literal as PythonLiteral
from typing import NamedTuple, TypeAlias

from otac.schedules import When
from otac.source.document import Json, Scalar, Span

# That of a configuration which gives its project none.
DEFAULT_PROJECT_NAME = "open-ticket-ai"

# --- values ----------------------------------------------------------------------------


class Literal(NamedTuple):
    """A value known at compile time. `data` is JSON; it is never changed."""

    data: Json
    origin: Span


class Template(NamedTuple):
    """Jinja text, rendered at run time inside the step that needs it.

    `scalar` is where the text stands, so that a finding can point into it; None for a
    template that the compiler made. `given` are the names, each with its keys, that only
    the component knows: it has the text rendered as often as it likes.
    """

    text: str
    origin: Span
    scalar: Scalar | None = None
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()


class FlowArgument(NamedTuple):
    """A parameter of the flow, handed to the step under its own name."""

    name: str
    origin: Span


class ListValue(NamedTuple):
    """A list in which at least one item is not a literal."""

    items: tuple["Value", ...]
    origin: Span


class MappingValue(NamedTuple):
    """A mapping in which at least one value is not a literal."""

    entries: tuple[tuple[str, "Value"], ...]
    origin: Span


Value: TypeAlias = Literal | Template | FlowArgument | ListValue | MappingValue


class Argument(NamedTuple):
    """A named value for a component, a service or a composite's `config`.

    `key` is where its name stands; None where nobody wrote it. A parameter of a composite
    that is `late` asks for results of the composite's own steps: it is rendered where one
    of them reads it.
    """

    name: str
    value: Value
    key: Span | None = None
    late: bool = False


# --- components ------------------------------------------------------------------------


class Component(NamedTuple):
    """What `use` names: an importable object, e.g. `otac.components` `FetchTickets`.

    `stops` is false where it is known never to end a run by raising `Stop`. `plugin` is the
    name of one that is left to the run, which asks the plugins installed there for it:
    `acme:Triage`.
    """

    module: str
    name: str
    origin: Span
    stops: bool = True
    plugin: str = ""


class Injection(NamedTuple):
    """A service for a component's parameter."""

    parameter: str
    service: str


class Service(NamedTuple):
    """One entry of `services`. `title` is its id as the user wrote it.

    `kind` is that of its component, as the catalogue knows it, and `takes` are the names of
    all parameters that the component has.
    """

    title: str
    component: Component
    arguments: tuple[Argument, ...]
    origin: Span
    kind: str = "unknown"
    takes: frozenset[str] = frozenset()


# --- steps -----------------------------------------------------------------------------


# What a failure means for the list: the rest is skipped; nothing; the rest runs, and the
# list has failed all the same.
OnError: TypeAlias = PythonLiteral["stop", "continue", "fail_at_end"]


class Policy(NamedTuple):
    """How one step is tried. Delays and timeouts are seconds.

    `retry_delays` is a single delay for all retries, or one delay for each of them (at
    most 50, which is Prefect's limit).
    """

    retries: int
    retry_delays: float | tuple[float, ...]
    retry_jitter_factor: float | None
    timeout_seconds: float | None
    on_error: OnError


class ForEach(NamedTuple):
    """Run the step once per item of `items`."""

    items: Template | Literal
    max_concurrency: int


class Call(NamedTuple):
    """A step that calls a component; it becomes one Prefect task."""

    component: Component
    arguments: tuple[Argument, ...]
    injections: tuple[Injection, ...]


class Composite(NamedTuple):
    """A step that is a list of steps; `config` is what they read as `config`."""

    steps: tuple["Step", ...]
    config: tuple[Argument, ...]


class Step(NamedTuple):
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


def calls(steps: Sequence[Step]) -> Iterator[tuple[Step, Call]]:
    """Every step that calls a component, at any depth, in the order of the file."""
    for step in steps:
        match step.action:
            case Call() as call:
                yield step, call
            case composite:
                yield from calls(composite.steps)


# --- runners ---------------------------------------------------------------------------


class Schedule(NamedTuple):
    """One schedule of a deployment; `slug` is unique within it.

    `origin` is where its interval, cron expression or rule stands.
    """

    when: When
    slug: str
    active: bool
    parameters: tuple[tuple[str, Json], ...]
    origin: Span | None = None


class Parameter(NamedTuple):
    """A typed parameter of a flow. `annotation` is Python: `str`, `list[Any]`, ..."""

    name: str
    annotation: str
    default: Json
    origin: Span


class FunctionHook(NamedTuple):
    """`module:function`, called by Prefect as a state hook."""

    module: str
    name: str


class NotificationHook(NamedTuple):
    """A notification of this configuration, sent from the flow's own process."""

    notification: str


Hook: TypeAlias = FunctionHook | NotificationHook


class Hooks(NamedTuple):
    """What Prefect calls when a run ends."""

    on_failure: tuple[Hook, ...]
    on_completion: tuple[Hook, ...]
    on_crashed: tuple[Hook, ...]


class Concurrency(NamedTuple):
    """Runs of one deployment at a time, and what happens to one too many."""

    limit: int
    enqueue: bool


class Resident(NamedTuple):
    """A runner that stays in one run and ticks inside of it, a window at a time.

    Its schedule starts a window every `window_seconds`. `probe` holds the paths of the
    leading steps up to the first that can stop; it is empty where none can.
    """

    interval_seconds: float
    window_seconds: float
    probe: frozenset[tuple[str, ...]]


WARM_COMMAND = "otac-engine"
"""What a worker starts for a run that begins warm: it asks the worker's template for a process
(`otac.worker.client`). A name on the PATH, since workers have interpreters of their own."""


class WorkPool(NamedTuple):
    """Where runs go."""

    name: str
    queue: str | None
    job_variables: dict[str, Json]

    @property
    def starts_warm(self) -> bool:
        """Whether runs are forked, where their worker can do that."""
        return self.job_variables.get("command") == WARM_COMMAND


class Runner(NamedTuple):
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
    resident: Resident | None = None


class Notification(NamedTuple):
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


class Project(NamedTuple):
    """Everything that will be written.

    `source` is the configuration's file name (no folder), for the headers. `pull` are the
    user's own pull steps, or None for the project folder itself. `unused_services` are
    for checks only: no step uses them.
    """

    name: str
    source: str
    runners: tuple[Runner, ...]
    services: tuple[Service, ...]
    notifications: tuple[Notification, ...]
    pull: tuple[dict[str, Json], ...] | None
    log_level: str | None
    unused_services: tuple[Service, ...] = ()
