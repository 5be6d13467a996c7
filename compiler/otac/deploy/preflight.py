"""What would go wrong, found before anything is written."""

from collections.abc import Iterator, Mapping
from typing import Any

from otac.deploy.declaration import Declared, Deployment
from otac.deploy.job_variables import misfits
from otac.deploy.mark import read_mark
from otac.deploy.older_releases import read_otherwise
from otac.deploy.plan import Action, DeploymentChange, Plan, PoolChange
from otac.deploy.pools import PoolUse, missing_pool, paused
from otac.deploy.state import ServerState, block_key
from otac.diagnostics.diagnostic import Diagnostic, error, warning
from otac.diagnostics.suggest import nearest
from otac.lower.parameters import KINDS, fits
from otac.source.document import Json

_OTHERWISE = ", or add `--create-pools`, or choose another one with `--target-pool`"


def preflight(
    declared: Declared,
    state: ServerState,
    plan: Plan,
    *,
    adopt: bool,
    create_pools: bool,
) -> tuple[Diagnostic, ...]:
    """Everything that stands in the way, and what will not do what it seems to."""
    found: list[Diagnostic] = []
    uses = _uses(declared)
    if not create_pools:
        found += (
            missing_pool(one.name, uses, _OTHERWISE)
            for one in plan.pending
            if isinstance(one, PoolChange)
        )
    found += _no_blocks(declared, state)
    found += paused(uses, state.paused)
    found += read_otherwise(declared, state.version)
    for change in plan.pending:
        if not isinstance(change, DeploymentChange) or change.declared is None:
            continue
        if not adopt and (taken := _taken(declared, change)) is not None:
            found.append(taken)
        pool = state.pools.get(str(change.declared.fields["work_pool_name"]))
        found += _variables(change.declared, pool or {})
        found += _parameters(declared, change.declared)
    return tuple(found)


def _uses(declared: Declared) -> list[PoolUse]:
    return [
        PoolUse(
            one.runner.id,
            str(one.fields["work_pool_name"]),
            str(one.fields["work_queue_name"]),
        )
        for one in declared.deployments
    ]


def _no_blocks(declared: Declared, state: ServerState) -> Iterator[Diagnostic]:
    for notice in declared.notices:
        key = block_key(notice.block)
        if isinstance(notice.block, str) and key not in state.blocks:
            yield error(
                "OTC541",
                f"there is no block `{key}`, which notification "
                f"`{notice.notification.id}` is sent through",
                notice.notification.origin,
                "the server knows no such block",
                help="make it in Prefect's UI, or write the address in place of `block`, "
                "and otac makes one",
            )


def _taken(declared: Declared, change: DeploymentChange) -> Diagnostic | None:
    """Two projects that have a runner of the same name would undo each other's work."""
    owner = read_mark((change.found or {}).get("labels")).owner
    if change.action is Action.CREATE or owner in (None, declared.owner):
        return None
    return error(
        "OTC543",
        f"deployment `{change.name}` belongs to another project, `{owner}`",
        help="rename the runner, or take the deployment over with `--adopt`; "
        "`prefect: {name: ...}` gives this project a name of its own",
    )


def _variables(deployment: Deployment, pool: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Job variables that the work pool refuses, or does not know."""
    template = pool.get("base_job_template") or {}
    known = (template.get("variables") or {}).get("properties") or {}
    given: Any = deployment.fields["job_variables"]
    runner = deployment.runner
    for variable, reason, missing in misfits(given, template):
        yield error(
            "OTC538",
            f"runner `{runner.id}` lacks the job variable `{variable}`"
            if missing
            else f"job variable `{variable}` of runner `{runner.id}` {reason}",
            runner.origin,
            f"work pool `{pool['name']}` {'needs' if missing else 'refuses'} it",
            help="add it to the runner's `job_variables`" if missing else None,
        )
    for variable in given if known else ():
        if variable not in known:
            similar = nearest(variable, known)
            yield warning(
                "OTC538",
                f"work pool `{pool['name']}` has no job variable `{variable}`",
                runner.origin,
                "nothing reads it",
                help=f"did you mean `{similar}`?" if similar else None,
            )


def _is_template(value: Json) -> bool:
    """Whether Prefect renders it when the event comes: as a text, or as a mapping that
    says so."""
    if isinstance(value, dict):
        return "__prefect_kind" in value
    return isinstance(value, str) and "{{" in value


def _parameters(declared: Declared, deployment: Deployment) -> Iterator[Diagnostic]:
    """Parameters that a trigger gives and the flow does not have, or not of this type."""
    known = {one.name: one.annotation for one in deployment.runner.parameters}
    for spec in deployment.triggers:
        for name, value in (spec.get("parameters") or {}).items():
            if name in known and not _is_template(value):
                kind = known[name]
                if not fits(kind, value):
                    yield error(
                        "OTC544",
                        f"a trigger of runner `{deployment.runner.id}` gives `{name}` a "
                        f"value that is not {KINDS[kind]}",
                        deployment.runner.origin,
                        "each run that it starts would be refused",
                        help=f"write {KINDS[kind]}, or a template of the event's",
                    )
            elif name not in known:
                similar = nearest(name, known)
                yield error(
                    "OTC544",
                    f"a trigger of runner `{deployment.runner.id}` gives a parameter "
                    f"`{name}`, which the flow does not have",
                    deployment.runner.origin,
                    "each run that it starts would be refused",
                    help=f"did you mean `{similar}`?" if similar else None,
                )
