"""What a server has, read in a few requests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from otac.deploy.api import Api
from otac.deploy.declaration import Declared
from otac.deploy.notification_block import NotificationBlock, find_block
from otac.deploy.pools import read_pools
from otac.deploy.server_version import Version

# Every runner has it, so that one filter finds what is of interest here.
_TAG = "open-ticket-ai"
_MANY = 200


@dataclass(frozen=True, slots=True)
class ServerState:
    """`deployments` are by name: of the flow of that name, if it is declared.

    `others` are otac's deployments that are not declared. `notices` are the automations
    that belong to the project, `automations` are all. `paused` are pools, and queues as
    `pool/queue`. `version` is the server's, where it says one.
    """

    flows: Mapping[str, str]
    deployments: Mapping[str, dict[str, Any]]
    others: tuple[dict[str, Any], ...]
    pools: Mapping[str, dict[str, Any]]
    paused: frozenset[str]
    automations: tuple[dict[str, Any], ...]
    notices: tuple[dict[str, Any], ...]
    blocks: Mapping[str, dict[str, Any]]
    version: Version | None = None


def read_state(
    api: Api, declared: Declared, version: Version | None = None
) -> ServerState:
    """Everything on the server that has to do with the project. Writes nothing."""
    names = [deployment.runner.id for deployment in declared.deployments]
    flows, deployments, others = find_deployments(api, names)
    pools = {str(one.fields["work_pool_name"]) for one in declared.deployments}
    resource = owner_resource(declared.owner)
    there = read_pools(api, pools)
    return ServerState(
        flows,
        deployments,
        others,
        there.pools,
        there.paused,
        tuple(api.every("automations", {})),
        tuple(api.get(f"/automations/related-to/{quote(resource, safe='')}")),
        _blocks(api, declared),
        version,
    )


def find_deployments(
    api: Api, names: list[str]
) -> tuple[dict[str, str], dict[str, dict[str, Any]], tuple[dict[str, Any], ...]]:
    """The ids of flows of these names, their deployments by name, and otac's other ones."""
    flows = {
        str(flow["name"]): str(flow["id"])
        for some in portions(names)
        for flow in api.every("flows", {"flows": {"name": {"any_": some}}})
    }
    tagged = {"deployments": {"tags": {"all_": [_TAG]}}}
    deployments, others = _sorted(api.every("deployments", tagged), flows)
    missing = [name for name in names if name in flows and name not in deployments]
    for some in portions(missing):
        # Somebody removed the tag.
        named = {"deployments": {"name": {"any_": some}}}
        deployments |= _sorted(api.every("deployments", named), flows)[0]
    return flows, deployments, tuple(others)


def owner_resource(owner: str) -> str:
    """The resource that the automations of a project belong to."""
    return f"otac.project.{owner}"


def _sorted(
    found: Iterable[dict[str, Any]], flows: Mapping[str, str]
) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """Those of a declared flow by name, and the rest."""
    ours: dict[str, dict[str, Any]] = {}
    others: list[dict[str, Any]] = []
    for deployment in found:
        name = str(deployment["name"])
        if flows.get(name) == deployment["flow_id"]:
            ours[name] = deployment
        else:
            others.append(deployment)
    return ours, others


def _blocks(api: Api, declared: Declared) -> dict[str, dict[str, Any]]:
    """The blocks that notifications name or need, by `type/name` or id."""
    found: dict[str, dict[str, Any]] = {}
    for notice in declared.notices:
        key = block_key(notice.block)
        if "/" in key:
            kind, _, name = key.partition("/")
            block = find_block(api, kind, name)
        else:
            block = api.find(f"/block_documents/{key}")
        if block is not None:
            found[key] = block
    return found


def block_key(block: NotificationBlock | str) -> str:
    """`type/name`, or the id."""
    return block if isinstance(block, str) else f"{block.type}/{block.name}"


def portions(names: Sequence[str]) -> Iterator[list[str]]:
    """As many at a time as fit a request."""
    return (list(names[at : at + _MANY]) for at in range(0, len(names), _MANY))
