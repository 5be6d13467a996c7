"""The declared state against the server's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from uuid import UUID

from otac.deploy import automation
from otac.deploy.automation import (
    Automation,
    is_unnamed,
    started_deployments,
    starting,
    telling,
)
from otac.deploy.declaration import Declared, DeclaredNotice, Deployment
from otac.deploy.difference import Difference, differences
from otac.deploy.fields import FIELDS, observed
from otac.deploy.mark import OwnerMark, read_mark
from otac.deploy.notification_block import NotificationBlock, holds
from otac.deploy.state import ServerState, block_key
from otac.deploy.watch import needs_heartbeat
from otac.emit.automations import automations_of
from otac.source.document import Json

_UNKNOWN = UUID(int=0)


class Action(Enum):
    """What becomes of something, or has become of it."""

    CREATE = "create"
    CHANGE = "change"
    DRIFTED = "drifted"
    IN_STEP = "in-step"
    ORPHANED = "orphaned"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class DeploymentChange:
    """`found` is the deployment on the server, `declared` what it should be; one of them
    may be missing. With `triggers`, the automations that start it are made anew."""

    name: str
    action: Action
    declared: Deployment | None = None
    found: dict[str, Any] | None = None
    differences: tuple[Difference, ...] = ()
    triggers: bool = False


@dataclass(frozen=True, slots=True)
class BlockChange:
    """The block of a notification."""

    name: str
    action: Action
    block: NotificationBlock
    found: dict[str, Any] | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class AutomationChange:
    """An automation of the project's: of a notification, whose block `block` names, or
    one that needs none."""

    name: str
    action: Action
    wanted: Automation | None = None
    block: str = ""
    found: dict[str, Any] | None = None
    # Of the same name, and nobody's.
    replaced: tuple[dict[str, Any], ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolChange:
    """A work pool that is missing."""

    name: str
    action: Action = Action.CREATE
    differences: tuple[Difference, ...] = ()


Change = PoolChange | BlockChange | DeploymentChange | AutomationChange


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that was compared, in the order in which it is applied."""

    owner: str
    changes: tuple[Change, ...]

    @property
    def pending(self) -> tuple[Change, ...]:
        """What is not in step."""
        return tuple(one for one in self.changes if one.action is not Action.IN_STEP)

    def of_deployments(self) -> "Plan":
        """Only what the declared deployments need: nothing else is made or removed."""
        needed = (
            one
            for one in self.changes
            if isinstance(one, PoolChange)
            or (isinstance(one, DeploymentChange) and one.declared is not None)
        )
        return replace(self, changes=tuple(needed))


def compare(declared: Declared, state: ServerState) -> Plan:
    """What is to be done so that the server has what is declared."""
    pools = {str(one.fields["work_pool_name"]) for one in declared.deployments}
    started: dict[str, list[dict[str, Any]]] = {}
    for found in state.automations:
        for one in started_deployments(found):
            started.setdefault(one, []).append(found)
    changes: list[Change] = [
        PoolChange(pool) for pool in sorted(pools - state.pools.keys())
    ]
    changes += _blocks(declared, state)
    changes += (
        _deployment(declared.owner, one, state.deployments.get(one.runner.id), started)
        for one in declared.deployments
    )
    changes += _notices(declared, state)
    changes += (
        DeploymentChange(str(found["name"]), Action.ORPHANED, found=found)
        for found in state.others
        if read_mark(found.get("labels")).owner == declared.owner
    )
    return Plan(declared.owner, tuple(changes))


def _deployment(
    owner: str,
    declared: Deployment,
    found: dict[str, Any] | None,
    started: dict[str, list[dict[str, Any]]],
) -> DeploymentChange:
    name = declared.runner.id
    if found is None:
        return DeploymentChange(name, Action.CREATE, declared)
    mark = read_mark(found.get("labels"))
    places = list(_fields(declared, observed(found), mark))
    triggers = list(_triggers(declared, found, mark, started))
    places += triggers
    if mark.owner != owner:
        places.append(Difference("owner", mark.owner, owner))
    if not places:
        return DeploymentChange(name, Action.IN_STEP, declared, found)
    drifted = any(place.by_hand for place in places)
    action = Action.DRIFTED if drifted else Action.CHANGE
    # Prefect has made them, and says of none which it was.
    again = bool(triggers) or mark.owner is None
    return DeploymentChange(name, action, declared, found, tuple(places), again)


def _fields(
    declared: Deployment, fields: dict[str, Json], mark: OwnerMark
) -> Iterator[Difference]:
    for field in FIELDS:
        before, after = fields[field], declared.fields[field]
        if before != after:
            yield from differences(
                field,
                before,
                after,
                by_hand=not mark.remembers(field, before),
                hidden=field in declared.hidden,
            )


def _triggers(
    declared: Deployment,
    found: dict[str, Any],
    mark: OwnerMark,
    started: dict[str, list[dict[str, Any]]],
) -> Iterator[Difference]:
    """How the automations that start the deployment differ from its triggers.

    Which of them Prefect counts as the deployment's own cannot be asked. So the mark knows
    the names of those that otac made; all others are somebody else's, and stay.
    """
    deployment = str(found["id"])
    wanted = [one.normal() for one in automations_for(declared, deployment)]
    there = [automation.observed(one) for one in started.get(deployment, ())]
    names = {str(one["name"]) for one in wanted}
    kept = mark.remembers("triggers", [*declared.triggers])
    if mark.owner is None or kept or mark.started_by is not None:
        there = [
            one
            for one in there
            if (name := str(one["name"])) in names
            or mark.made(name)
            or (mark.owner is None and is_unnamed(declared.runner.id, name))
        ]
    before: list[Json] = [*sorted(there, key=_by_name)]
    after: list[Json] = [*sorted(wanted, key=_by_name)]
    if before != after:
        yield from differences(
            "triggers",
            before,
            after,
            by_hand=kept and mark.owner is not None,
            hidden="triggers" in declared.hidden,
        )


def automations_for(declared: Deployment, id: str) -> list[Automation]:
    """The automations that start a deployment."""
    return [
        starting(declared.runner.id, number, spec, id)
        for number, spec in enumerate(declared.triggers, start=1)
    ]


def _by_name(found: dict[str, Json]) -> str:
    return str(found["name"])


def _blocks(declared: Declared, state: ServerState) -> Iterator[BlockChange]:
    for notice in declared.notices:
        block = notice.block
        if isinstance(block, str):
            continue
        found = state.blocks.get(block_key(block))
        name = block_key(block)
        if found is None:
            yield BlockChange(name, Action.CREATE, block)
        elif holds(found, block):
            yield BlockChange(name, Action.IN_STEP, block, found)
        else:
            places = tuple(
                Difference(f"data.{key}", "(hidden)", "(hidden)")
                for key, value in block.data.items()
                if found["data"].get(key) != value
            )
            yield BlockChange(name, Action.CHANGE, block, found, places)


def _notices(declared: Declared, state: ServerState) -> Iterator[AutomationChange]:
    ours = {str(one["id"]) for one in state.notices}
    left = {str(one["id"]): one for one in state.notices}
    every = [
        (block_key(notice.block), wanted)
        for notice in declared.notices
        for wanted in notice_automations(declared, notice, state)
    ]
    every += [("", wanted) for wanted in declared.watch]
    for block, wanted in every:
        own = next((x for x in left.values() if x["name"] == wanted.name), None)
        if own is not None:
            del left[str(own["id"])]
        same = tuple(
            found
            for found in state.automations
            if found["name"] == wanted.name and str(found["id"]) not in ours
        )
        yield _notice(block, wanted, own, same)
    for found in left.values():
        if declared.heartbeat_seconds is None and needs_heartbeat(found["name"]):
            # Whoever made it knew of them.
            continue
        yield AutomationChange(str(found["name"]), Action.REMOVE, found=found)


def _notice(
    block: str,
    wanted: Automation,
    found: dict[str, Any] | None,
    same: tuple[dict[str, Any], ...],
) -> AutomationChange:
    if found is None:
        return AutomationChange(
            wanted.name, Action.CREATE, wanted, block, replaced=same
        )
    places = tuple(
        differences(
            "automation",
            automation.observed(found),
            wanted.normal(),
            by_hand=False,
            hidden=False,
        )
    )
    action = Action.CHANGE if places or same else Action.IN_STEP
    return AutomationChange(wanted.name, action, wanted, block, found, same, places)


def notice_automations(
    declared: Declared, notice: DeclaredNotice, state: ServerState
) -> list[Automation]:
    """The automations that send a notification, through the block as far as it is there."""
    found = state.blocks.get(block_key(notice.block))
    block = _UNKNOWN if found is None else UUID(str(found["id"]))
    return [
        telling(one)
        for one in automations_of(declared.project, notice.notification, block)
    ]
