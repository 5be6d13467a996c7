"""Makes the server have what is declared.

Each step can be repeated, and what was not reached is still a difference the next time: a
run that was ended at any point is finished by the next one.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from otac.deploy.api import Api
from otac.deploy.declaration import Deployment
from otac.deploy.mark import APPLIED, OWNER, STARTED_BY, labels
from otac.deploy.notification_block import save_block
from otac.deploy.plan import (
    Action,
    AutomationChange,
    BlockChange,
    Change,
    DeploymentChange,
    Plan,
    PoolChange,
    automations_for,
)
from otac.deploy.state import ServerState, owner_resource
from otac.progress import each
from otac.source.document import Json


def apply(api: Api, plan: Plan, state: ServerState, *, prune: bool) -> Iterator[Change]:
    """Make the changes one after the other; yields each when it is made.

    Orphans are left where they are without `prune`. Raises ApiError.
    """
    flows = dict(state.flows)
    blocks = {key: str(found["id"]) for key, found in state.blocks.items()}
    for change in each("deploying", plan.pending):
        match change:
            case PoolChange(name):
                api.post("/work_pools/", {"name": name, "type": "process"})
            case BlockChange(name, _, block, found):
                blocks[name] = save_block(api, block, found)
            case DeploymentChange(action=Action.ORPHANED, found=dict() as found):
                if not prune:
                    continue
                remove(api, found)
            case DeploymentChange(declared=Deployment() as declared):
                _deploy(api, plan.owner, change, declared, flows)
            case AutomationChange():
                _tell(api, plan.owner, change, blocks)
        yield change


def _deploy(
    api: Api,
    owner: str,
    change: DeploymentChange,
    declared: Deployment,
    flows: dict[str, str],
) -> None:
    if change.name not in flows:
        flows[change.name] = str(api.post("/flows/", {"name": change.name})["id"])

    def write() -> str:
        found = api.post("/deployments/", _body(owner, change, flows[change.name]))
        return str(found["id"])

    if change.found is None:
        # Nothing starts it yet.
        _add(api, declared, write())
    else:
        _switch_on(api, change.found)
        # The mark comes last: it says that the automations are there.
        if change.triggers:
            _start(api, declared, str(change.found["id"]))
        write()


def _body(owner: str, change: DeploymentChange, flow: str) -> dict[str, Any]:
    """The whole deployment. Prefect makes it or puts it in place of the old one; that
    includes the schedules, so that those which left the file are gone.

    What otac does not know of stays: whether it is paused, labels of other people's.
    """
    assert change.declared is not None
    fields = change.declared.fields
    others = {
        name: value
        for name, value in ((change.found or {}).get("labels") or {}).items()
        if name not in (OWNER, APPLIED, STARTED_BY) and not name.startswith("prefect.")
    }
    queue = fields["work_queue_name"]
    return {
        **fields,
        "schedules": [*change.declared.schedules],
        "name": change.name,
        "flow_id": flow,
        # Asked for by name, Prefect would make the default queue where it is missing.
        "work_queue_name": None if queue == "default" else queue,
        "path": None,
        "storage_document_id": None,
        "infrastructure_document_id": None,
        "labels": {
            **others,
            **labels(
                owner,
                fields,
                [*change.declared.triggers],
                [one.name for one in automations_for(change.declared, "")],
            ),
        },
    }


def _switch_on(api: Api, found: dict[str, Any]) -> None:
    """A limit that was switched off stays off when its deployment is written again."""
    limit = found.get("global_concurrency_limit") or {}
    if limit.get("active") is False:
        api.patch(f"/v2/concurrency_limits/{limit['id']}", {"active": True})


def _start(api: Api, declared: Deployment, id: str) -> None:
    """Put the automations that start a deployment in the place of the old ones."""
    api.delete(f"/automations/owned-by/prefect.deployment.{id}")
    _add(api, declared, id)


def _add(api: Api, declared: Deployment, id: str) -> None:
    resource = f"prefect.deployment.{id}"
    for automation in automations_for(declared, id):
        # Prefect would make a second one.
        api.post("/automations/", automation.body(resource), again=False)


def _tell(
    api: Api, owner: str, change: AutomationChange, blocks: dict[str, str]
) -> None:
    if change.wanted is None:
        assert change.found is not None
        api.delete(f"/automations/{change.found['id']}")
        return
    action: dict[str, Json] = {**change.wanted.action}
    if change.block:
        action["block_document_id"] = blocks[change.block]
    body = replace(change.wanted, action=action).body(owner_resource(owner))
    if change.found is None:
        api.post("/automations/", body, again=False)
    else:
        del body["owner_resource"]
        api.put(f"/automations/{change.found['id']}", body)
    for found in change.replaced:
        api.delete(f"/automations/{found['id']}")


def remove(api: Api, found: dict[str, Any]) -> None:
    """Remove a deployment, and first what would start it."""
    api.delete(f"/automations/owned-by/prefect.deployment.{quote(str(found['id']))}")
    api.delete(f"/deployments/{found['id']}")
