"""What a server should have, from the output of a build and the `prefect.yaml` beside it."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from otac.deploy.api import Api
from otac.deploy.automation import Automation
from otac.deploy.fields import declared, sent_schedules
from otac.deploy.mark import owner
from otac.deploy.notification_block import Block, Unsent, declared_block
from otac.deploy.parameter_schema import parameter_schema
from otac.deploy.placeholders import Placeholders, Unresolved, is_filled_in
from otac.deploy.watch import watching
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.emit.artifact import Output
from otac.lower.project import Notification, Project, Runner
from otac.source.document import Json

_FILE = "prefect.yaml"
# Up to the next key; the items of the list may stand at the margin, too.
_DEPLOYMENTS = re.compile(r"^deployments:.*?(?=^[^\s#-]|\Z)", re.MULTILINE | re.DOTALL)
_OWN_STEP = "otac.runtime.project_directory"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment, of the flow of the same name.

    `fields` are for comparison, and `schedules` once more as the API is told of them.
    `triggers` are those of `prefect.yaml`. `hidden` are the fields that hold something a
    placeholder stood for, which is nobody's to see.
    """

    runner: Runner
    fields: dict[str, Json]
    schedules: tuple[dict[str, Any], ...]
    triggers: tuple[dict[str, Any], ...]
    hidden: frozenset[str]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification that Prefect's server sends, and its block: one to make, the id of
    one, or the `type/name` of one."""

    notification: Notification
    block: Block | str


@dataclass(frozen=True, slots=True)
class Declared:
    """`owner` is under which name otac knows the project's deployments again. `watch`
    are the automations that keep the states of runs true."""

    project: Project
    owner: str
    deployments: tuple[Deployment, ...]
    notices: tuple[Notice, ...]
    watch: tuple[Automation, ...] = ()
    heartbeat_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the project lies, the work pool to take in place of its own, and how often
    its runs give a sign of life, if that is known.

    With `pull`, runs get the code by these steps, and what `prefect.yaml` says of that does
    not matter.
    """

    folder: Path
    pool: str | None = None
    heartbeat_seconds: float | None = None
    pull: list[Json] | None = None


def declare(
    project: Project, output: Output, place: Place, api: Api
) -> Declared | tuple[Diagnostic, ...]:
    """The declared state, or what keeps it from being known here."""
    try:
        keys = _keys(place, output)
        outputs = _outputs(keys, place.folder)
        placeholders = Placeholders(api, os.environ, outputs)
        pull = placeholders.resolve_pull(keys.get("pull") or [])
    except _Undeclarable as problem:
        return (problem.diagnostic,)
    except Unresolved as problem:
        return (_unresolved(f"the pull steps of `{_FILE}`", problem),)
    known = owner(project.name, pull)
    hidden = frozenset(("pull_steps",) if is_filled_in(keys.get("pull")) else ())
    found: list[Diagnostic] = []
    deployments: list[Deployment] = []
    entries = {str(entry["name"]): entry for entry in output.deployments.deployments}
    for runner in project.runners:
        try:
            deployments.append(
                _deployment(
                    runner, entries[runner.id], pull, hidden, placeholders, place
                )
            )
        except Unresolved as problem:
            found.append(_unresolved(f"runner `{runner.id}`", problem))
    notices = list(_notices(project, known, api, found))
    if found:
        return tuple(found)
    heartbeat = place.heartbeat_seconds
    return Declared(
        project,
        known,
        tuple(deployments),
        tuple(notices),
        tuple(watching(project, known, heartbeat)),
        heartbeat,
    )


def _deployment(
    runner: Runner,
    entry: dict[str, Json],
    pull: Json,
    hidden: frozenset[str],
    placeholders: Placeholders,
    place: Place,
) -> Deployment:
    specs = cast(list[dict[str, Any]], entry.get("triggers", []))
    triggers = [_trigger(spec, placeholders) for spec in specs]
    if place.pool is not None:
        # A queue is one of its pool's.
        pool = {**cast(dict[str, Any], entry["work_pool"]), "name": place.pool}
        pool.pop("work_queue_name", None)
        entry = {**entry, "work_pool": pool}
    return Deployment(
        runner,
        declared(entry, parameter_schema(runner.parameters), pull),
        tuple(sent_schedules(entry)),
        tuple(triggers),
        hidden | {"triggers"} if is_filled_in(specs) else hidden,
    )


def _trigger(spec: dict[str, Any], placeholders: Placeholders) -> dict[str, Any]:
    """Its `parameters` are templates of the event's, for Prefect's server to render."""
    rest = {key: value for key, value in spec.items() if key != "parameters"}
    resolved = cast(dict[str, Any], placeholders.resolve(rest))
    if "parameters" in spec:
        resolved["parameters"] = spec["parameters"]
    return resolved


def _notices(
    project: Project, owner: str, api: Api, found: list[Diagnostic]
) -> Iterator[Notice]:
    for notification in project.notifications:
        if notification.in_flow or not project.runners:
            continue
        try:
            block = declared_block(owner, notification, api)
        except Unsent as problem:
            found.append(
                error(
                    "OTC540",
                    f"the address of notification `{notification.id}` is not known "
                    f"here: {problem}",
                    notification.origin,
                    "Prefect's server sends it, and is told the address now",
                    help="set it where you deploy, or add `in_flow: true` to let the "
                    "run itself send it",
                )
            )
        else:
            yield Notice(
                notification, block if isinstance(block, Block) else str(block)
            )


class _Undeclarable(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def _keys(place: Place, output: Output) -> Mapping[str, Any]:
    """The top of `prefect.yaml`: what the user wrote there himself counts."""
    if place.pull is not None:
        return {"pull": place.pull}
    try:
        text = (place.folder / _FILE).read_text(encoding="utf-8")
        written = _top(text)
    except FileNotFoundError:
        return cast(dict[str, Any], output.deployments.keys)
    except yaml.YAMLError:
        raise _Undeclarable(
            error("OTC542", f"`{_FILE}` cannot be read: it is no YAML", file=_FILE)
        ) from None
    if not isinstance(written, dict):
        return cast(dict[str, Any], output.deployments.keys)
    return {**output.deployments.keys, **written}


def _top(text: str) -> Any:
    """All but the deployments, which take a second to read where there are hundreds."""
    rest = _DEPLOYMENTS.sub("", text)
    try:
        return yaml.safe_load(rest)
    except yaml.YAMLError:
        # Such as an alias of something in there.
        return yaml.safe_load(text)


def _outputs(keys: Mapping[str, Any], folder: Path) -> dict[str, Json]:
    """What the build steps would put out. Only otac's own is known without running it."""
    outputs: dict[str, Json] = {}
    steps = [*(keys.get("build") or []), *(keys.get("push") or [])]
    for step in steps:
        if not isinstance(step, dict) or step.keys() != {_OWN_STEP}:
            name = next(iter(step), "") if isinstance(step, dict) else step
            raise _Undeclarable(
                error(
                    "OTC542",
                    f"`{_FILE}` has a build or push step of its own: `{name}`",
                    help="build the image before you deploy, or use "
                    "`prefect deploy --all`, which runs such steps",
                    file=_FILE,
                )
            )
        outputs[str(step[_OWN_STEP]["id"])] = {"directory": str(folder.resolve())}
    return outputs


def _unresolved(what: str, problem: Unresolved) -> Diagnostic:
    return error(
        "OTC539",
        f"a placeholder of {what} stands for nothing: {problem}",
        help="Prefect would put nothing in its place; make it known where you deploy",
    )
