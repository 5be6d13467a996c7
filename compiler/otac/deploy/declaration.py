"""What a server should have, from the output of a build and the `prefect.yaml` beside it."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from otac.deploy.api import Api
from otac.deploy.automation import Automation
from otac.deploy.fields import declared, sent_schedules
from otac.deploy.mark import owner
from otac.deploy.notification_block import NotificationBlock, Unsent, declared_block
from otac.deploy.parameter_schema import parameter_schema
from otac.deploy.placeholders import (
    Placeholders,
    Unresolved,
    from_environment,
    is_filled_in,
)
from otac.deploy.watch import watching
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.emit.layout import Output
from otac.lower.project import Notification, Project, Runner
from otac.output.step_rule import STEPS, overrides, steps_of
from otac.plain_file import read_file
from otac.progress import each
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
class DeclaredNotice:
    """A notification that Prefect's server sends, and its block: one to make, the id of
    one, or the `type/name` of one."""

    notification: Notification
    block: NotificationBlock | str


@dataclass(frozen=True, slots=True)
class Declared:
    """`owner` is under which name otac knows the project's deployments again. `watch`
    are the automations that keep the states of runs true."""

    project: Project
    owner: str
    deployments: tuple[Deployment, ...]
    notices: tuple[DeclaredNotice, ...]
    watch: tuple[Automation, ...] = ()
    heartbeat_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ProjectPlace:
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
    project: Project, output: Output, place: ProjectPlace, api: Api
) -> Declared | tuple[Diagnostic, ...]:
    """The declared state, or what keeps it from being known here."""
    found: list[Diagnostic] = []
    deployments: list[Deployment] = []
    pull: list[Json] = []
    try:
        entries = _entries(place, output)
        outputs = _outputs(entries.values(), place.folder)
    except _Undeclarable as problem:
        return (problem.diagnostic,)
    placeholders = Placeholders(api, os.environ, outputs)
    for runner in each("reading deployments", project.runners):
        entry, steps = entries[runner.id]
        try:
            pull = placeholders.resolve_pull(steps["pull"])
            hidden = {"pull_steps"} if from_environment(steps["pull"]) else set[str]()
            deployments.append(
                _deployment(runner, entry, pull, hidden, placeholders, place)
            )
        except Unresolved as problem:
            found.append(_unresolved(f"runner `{runner.id}`", problem))
    known = owner(project.name, pull)
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
    hidden: set[str],
    placeholders: Placeholders,
    place: ProjectPlace,
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
        frozenset(hidden | {"triggers"} if is_filled_in(specs) else hidden),
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
) -> Iterator[DeclaredNotice]:
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
            yield DeclaredNotice(
                notification,
                block if isinstance(block, NotificationBlock) else str(block),
            )


class _Undeclarable(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


_Entry = tuple[dict[str, Json], dict[str, list[Any]]]
"""An entry of ours, and the steps that count for it."""


def _entries(place: ProjectPlace, output: Output) -> dict[str, _Entry]:
    """By name; with their steps in the file that lies there."""
    ours = output.deployments.keys
    root = ours if place.pull is not None else _root(place.folder, ours)
    entries: dict[str, _Entry] = {}
    for entry in output.deployments.deployments:
        whole = {**entry, **overrides(root, ours, entry)}
        steps: dict[str, list[Any]] = {
            step: steps_of(step, root, whole) for step in STEPS
        }
        if place.pull is not None:
            steps = {**steps, "push": [], "pull": place.pull}
        entries[str(entry["name"])] = entry, steps
    return entries


def _root(folder: Path, ours: Mapping[str, Any]) -> Mapping[str, Any]:
    """The root of `prefect.yaml`; where there is none yet, as otac would write it."""
    try:
        text = read_file(folder / _FILE).decode("utf-8")
        written = _top(text)
    except FileNotFoundError:
        return ours
    except (yaml.YAMLError, UnicodeDecodeError):
        raise _Undeclarable(
            error("OTC542", f"`{_FILE}` cannot be read: it is no YAML", file=_FILE)
        ) from None
    return written if isinstance(written, dict) else ours


def _top(text: str) -> Any:
    """All but the deployments, which take a second to read where there are hundreds."""
    rest = _DEPLOYMENTS.sub("", text)
    try:
        return yaml.safe_load(rest)
    except yaml.YAMLError:
        # Such as an alias of something in there.
        return yaml.safe_load(text)


def _outputs(entries: Iterable[_Entry], folder: Path) -> dict[str, Json]:
    """What the build steps would put out. Only otac's own is known without running it."""
    outputs: dict[str, Json] = {}
    for step in (one for _, by in entries for one in (*by["build"], *by["push"])):
        if not isinstance(step, dict) or step.keys() != {_OWN_STEP}:
            name = next(iter(step), "") if isinstance(step, dict) else step
            raise _Undeclarable(
                error(
                    "OTC542",
                    f"a pull step or trigger asks for what the step `{name}` of "
                    f"`{_FILE}` puts out, which otac does not run",
                    help="write the value itself there, or use `prefect deploy --all`, "
                    "which runs such steps",
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
