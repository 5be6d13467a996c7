"""Runs that may work on one queue at once, and do not know of each other's tickets."""

from collections.abc import Iterator
from typing import NamedTuple

from otac.check.shared_queues import argument_of, helpdesk_of, known_text
from otac.diagnostics.diagnostic import Diagnostic, Label, error, warning
from otac.lower.project import Literal, Project, Runner, Service, calls

_COMPONENTS = "otac.components"
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
        if service.component.name == "OTOBOZnunyTicketSystem"
        and service.component.module == _COMPONENTS
        and not has_argument(service, "claims")
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
