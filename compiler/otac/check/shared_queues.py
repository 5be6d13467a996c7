"""Runners on the tickets of one queue at one time: who changes what, and who knows of whom."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic, Label, error, warning
from otac.lower.project import (
    Argument,
    Call,
    FlowArgument,
    Literal,
    MappingValue,
    Project,
    Runner,
    Service,
    Template,
    Value,
    calls,
)
from otac.schedules import Cron, Interval, When
from otac.source.document import Json

_COMPONENTS = "otac.components"
_ROUTERS = frozenset(("FetchTickets", "ProcessTickets", "UpdateTicket"))
_PARAMETER = re.compile(r"\s*\{\{\s*params\.(\w+)\s*\}\}\s*")


class _QueueWork(NamedTuple):
    """That a runner changes `fields` of the tickets of a queue of a ticket system."""

    runner: Runner
    service: str
    queue: str
    fields: frozenset[str]


def check_shared_queues(project: Project) -> Iterator[Diagnostic]:
    """Warn of two runners that change the same things of the same tickets.

    Only of what is certain: queues that are written out, and schedules that meet.
    `CheckEscalations` looks at tickets that others have left alone, so it is no rival.
    """
    known: dict[tuple[str, str], list[_QueueWork]] = defaultdict(list)
    for runner in project.runners:
        if not any(schedule.active for schedule in runner.schedules):
            continue
        for work in _works(runner):
            others = known[work.service, work.queue]
            rival = next((other for other in others if _collide(work, other)), None)
            if rival is not None:
                yield _warning(rival, work)
            others.append(work)


def _collide(one: _QueueWork, other: _QueueWork) -> bool:
    return (
        one.runner is not other.runner
        and not one.fields.isdisjoint(other.fields)
        and _meet(one.runner, other.runner)
    )


def _warning(first: _QueueWork, second: _QueueWork) -> Diagnostic:
    shared = _listed(first.fields & second.fields)
    return warning(
        "OTC384",
        f"runners `{first.runner.id}` and `{second.runner.id}` both route queue "
        f"`{second.queue}`",
        second.runner.origin,
        f"both change {shared} of its tickets, and may do so at once",
        labels=(Label(first.runner.origin, "the other one"),),
        help="give them different queues or times, or let one start `after` the other",
    )


def _works(runner: Runner) -> Iterator[_QueueWork]:
    routing = [
        call
        for _, call in calls(runner.steps)
        if call.component.name in _ROUTERS and call.component.module == _COMPONENTS
    ]
    changes: dict[str, set[str]] = {}
    for call in routing:
        if call.component.name == "UpdateTicket":
            keys = _keys(argument_of(call.arguments, "updated_ticket"))
            changes.setdefault(helpdesk_of(call), set()).update(keys)
    for call in routing:
        service = helpdesk_of(call)
        queue: Json = None
        fields = frozenset[str]()
        if call.component.name == "ProcessTickets":
            queue = known_text(argument_of(call.arguments, "queue"), runner)
            fields = frozenset(("queue", "priority"))
        elif call.component.name == "FetchTickets":
            search = argument_of(call.arguments, "ticket_search_criteria")
            queue = _queue(search, runner)
            fields = frozenset(changes.get(service, ()))
        if isinstance(queue, str) and fields:
            yield _QueueWork(runner, service, queue, fields)


def helpdesk_of(call: Call) -> str:
    found = (i.service for i in call.injections if i.parameter == "ticket_system")
    return next(found, "")


def argument_of(arguments: tuple[Argument, ...], name: str) -> Value | None:
    return next((a.value for a in arguments if a.name == name), None)


def _keys(value: Value | None) -> frozenset[str]:
    match value:
        case Literal(data=dict() as data):
            return frozenset(data)
        case MappingValue(entries=entries):
            return frozenset(key for key, _ in entries)
        case _:
            return frozenset()


def _queue(search: Value | None, runner: Runner) -> Json:
    """The name of the queue in search criteria."""
    match search:
        case Literal(data={"queue": {"name": str() as name}}):
            return name
        case MappingValue(entries=entries):
            queue = dict(entries).get("queue")
            match queue:
                case Literal(data={"name": str() as name}):
                    return name
                case MappingValue(entries=inner):
                    return known_text(dict(inner).get("name"), runner)
    return None


def known_text(value: Value | None, runner: Runner) -> Json:
    """A text that is written out, or a parameter of the flow that no schedule changes."""
    name: str | None = None
    match value:
        case Literal(data=str() as text):
            return text
        case FlowArgument(name=name):
            pass
        case Template(text=text) if (found := _PARAMETER.fullmatch(text)) is not None:
            name = found[1]
    changed = {key for schedule in runner.schedules for key, _ in schedule.parameters}
    if name is None or name in changed:
        return None
    return next((p.default for p in runner.parameters if p.name == name), None)


def _meet(one: Runner, other: Runner) -> bool:
    return any(
        _coincide(first.when, second.when)
        for first in one.schedules
        for second in other.schedules
        if first.active and second.active
    )


def _coincide(one: When, other: When) -> bool:
    """Whether runs of both will start together now and then."""
    match one, other:
        case (Interval(), _) | (_, Interval()):
            return True
        case Cron(), Cron():
            from otac.schedules.cron import parse, share_a_time

            first, second = parse(one.expression), parse(other.expression)
            return one.timezone == other.timezone and share_a_time(first, second)
        case _:
            return False


def _listed(names: frozenset[str]) -> str:
    return " and ".join(f"`{name}`" for name in sorted(names))


# Runs that may work on one queue at once, and do not know of each other's tickets.
_CLAIMING = frozenset(("ProcessTickets", "CheckEscalations"))
_POSTGRES = "write `claims: \"{{ get_env('CLAIMS_URL') }}\"` there, a PostgreSQL"
_ONE_MACHINE = "`claims_path: claims.db` if all workers are on one machine"


class _ClaimingRunner(NamedTuple):
    """That a runner claims tickets of a helpdesk, and what tells its claims from others."""

    runner: Runner
    service: Service
    purpose: tuple[object, ...]


def check_shared_claims(project: Project) -> Iterator[Diagnostic]:
    """Tell of helpdesks whose claims are in a file that not all their runs can see."""
    helpdesks = {
        service.title: service
        for service in project.services
        if "claims" in service.takes and not has_argument(service, "claims")
    }
    first: dict[tuple[object, ...], _ClaimingRunner] = {}
    told: set[str] = set()
    for claiming in _claimings(project, helpdesks):
        runner, service, purpose = claiming
        other = first.setdefault((service.title, *purpose), claiming)
        if runner.id in told:
            continue
        if runner.concurrency.limit > 1 and runner.resident is None:
            found = _overlapping(claiming)
        elif other.runner.work_pool.name != runner.work_pool.name:
            found = _two_pools(other, claiming)
        else:
            continue
        if found is not None:
            told.add(runner.id)
            yield found


def _overlapping(claiming: _ClaimingRunner) -> Diagnostic | None:
    runner, service, _ = claiming
    limit = runner.concurrency.limit
    is_memory = _is_written(service, "claims_path") and not has_argument(
        service, "claims_path"
    )
    has_containers = "image" in dict(runner.work_pool.job_variables)
    helpdesk = Label(service.origin, "who works on which ticket is not shared here")
    if is_memory or has_containers:
        return error(
            "OTC378",
            f"up to {limit} runs of `{runner.id}` do not know of each other's tickets",
            runner.origin,
            "`claims_path: null` keeps that to each run"
            if is_memory
            else "each run has a container, and a `claims.db`, of its own",
            labels=(helpdesk,),
            help=f"{_POSTGRES}, or `concurrency_limit: 1` here",
        )
    if _is_written(service, "claims_path"):
        return None
    return warning(
        "OTC379",
        f"up to {limit} runs of `{runner.id}` share `claims.db` on one machine only",
        runner.origin,
        "with workers on several machines, two may handle one ticket",
        labels=(helpdesk,),
        help=f"{_POSTGRES}, or {_ONE_MACHINE}",
    )


def _two_pools(first: _ClaimingRunner, second: _ClaimingRunner) -> Diagnostic | None:
    if has_argument(second.service, "claims_path"):
        return None
    one, other = first.runner.work_pool.name, second.runner.work_pool.name
    return error(
        "OTC378",
        f"`{first.runner.id}` and `{second.runner.id}` do the same for the same tickets,"
        " and do not know of each other's",
        second.runner.origin,
        f"workers of `{one}` and of `{other}` have a `claims.db` each",
        labels=(
            Label(first.runner.origin, "the other one"),
            Label(
                second.service.origin, "who works on which ticket is not shared here"
            ),
        ),
        help=f"{_POSTGRES}, or {_ONE_MACHINE}",
    )


def _claimings(
    project: Project, helpdesks: dict[str, Service]
) -> Iterator[_ClaimingRunner]:
    for runner in project.runners:
        for _, call in calls(runner.steps):
            title, component = helpdesk_of(call), call.component
            is_ours = component.module == _COMPONENTS and component.name in _CLAIMING
            if title not in helpdesks or not is_ours:
                continue
            queue = known_text(argument_of(call.arguments, "queue"), runner)
            if component.name == "ProcessTickets" and queue is None:
                # Whether it is another runner's is known when it runs.
                queue = runner.id
            yield _ClaimingRunner(runner, helpdesks[title], (component.name, queue))


def _is_written(service: Service, name: str) -> bool:
    return any(argument.name == name for argument in service.arguments)


def has_argument(service: Service, name: str) -> bool:
    """Whether it has a value, and not nothing."""
    return any(
        argument.name == name
        and not (isinstance(argument.value, Literal) and argument.value.data is None)
        for argument in service.arguments
    )
