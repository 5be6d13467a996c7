"""What would go wrong, found before anything is written."""

from collections.abc import Iterator, Mapping
from typing import Any

from otac.deploy.declaration import Declared, Deployment
from otac.deploy.mark import read_mark
from otac.deploy.parameter_schema import fits
from otac.deploy.plan import Action, DeploymentChange, Plan, PoolChange
from otac.deploy.state import State, block_key
from otac.diagnostics.diagnostic import Diagnostic, error, warning
from otac.diagnostics.suggest import nearest

_JSON_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "array": "list[Any]",
    "object": "dict[str, Any]",
}


def preflight(
    declared: Declared, state: State, plan: Plan, *, adopt: bool, create_pools: bool
) -> tuple[Diagnostic, ...]:
    """Everything that stands in the way, and what will not do what it seems to."""
    found: list[Diagnostic] = []
    if not create_pools:
        found += (
            _no_pool(declared, one.name)
            for one in plan.pending
            if isinstance(one, PoolChange)
        )
    found += _no_blocks(declared, state)
    for change in plan.pending:
        if not isinstance(change, DeploymentChange) or change.declared is None:
            continue
        if not adopt and (taken := _taken(declared, change)) is not None:
            found.append(taken)
        pool = state.pools.get(str(change.declared.fields["work_pool_name"]))
        found += _variables(change.declared, pool or {})
        found += _parameters(declared, change.declared)
    return tuple(found)


def _no_pool(declared: Declared, pool: str) -> Diagnostic:
    users = [
        f"`{one.runner.id}`"
        for one in declared.deployments
        if one.fields["work_pool_name"] == pool
    ]
    more = f" and {len(users) - 1} more" if len(users) > 1 else ""
    return error(
        "OTC535",
        f"there is no work pool `{pool}`, which {users[0]}{more} would run in",
        help=f"run `prefect work-pool create {pool} --type process`, or add "
        "`--create-pools`, or choose another one with `--target-pool`",
    )


def _no_blocks(declared: Declared, state: State) -> Iterator[Diagnostic]:
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
    """Job variables that the work pool refuses. A pool that no worker has joined yet
    knows none."""
    template = (pool.get("base_job_template") or {}).get("variables") or {}
    known: dict[str, Any] = template.get("properties") or {}
    given: Any = deployment.fields["job_variables"]
    name = deployment.runner.id
    for required in template.get("required") or ():
        default = (known.get(required) or {}).get("default")
        if required not in given and default is None:
            yield error(
                "OTC538",
                f"runner `{name}` lacks the job variable `{required}`",
                deployment.runner.origin,
                f"work pool `{pool['name']}` needs it",
                help="add it to the runner's `job_variables`",
            )
    for variable, value in given.items() if known else ():
        if variable not in known:
            similar = nearest(variable, known)
            yield warning(
                "OTC538",
                f"work pool `{pool['name']}` has no job variable `{variable}`",
                deployment.runner.origin,
                "nothing reads it",
                help=f"did you mean `{similar}`?" if similar else None,
            )
            continue
        kind = known[variable].get("type")
        if kind in _JSON_TYPES and not fits(_JSON_TYPES[kind], value):
            yield error(
                "OTC538",
                f"job variable `{variable}` of runner `{name}` is no {kind}",
                deployment.runner.origin,
                f"work pool `{pool['name']}` refuses it",
            )


def _parameters(declared: Declared, deployment: Deployment) -> Iterator[Diagnostic]:
    """Parameters that a trigger gives and the flow does not have."""
    known = {parameter.name for parameter in deployment.runner.parameters}
    for spec in deployment.triggers:
        for name in spec.get("parameters") or {}:
            if name not in known:
                similar = nearest(name, known)
                yield error(
                    "OTC544",
                    f"a trigger of runner `{deployment.runner.id}` gives a parameter "
                    f"`{name}`, which the flow does not have",
                    deployment.runner.origin,
                    "each run that it starts would be refused",
                    help=f"did you mean `{similar}`?" if similar else None,
                )
