"""What all container files of a project are written from."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from otac.check.shared_queues import has_argument
from otac.emit.containers.placement import Placement
from otac.emit.containers.variables import ContainerVariable, variables
from otac.emit.literal import comment
from otac.lower.project import DEFAULT_PROJECT_NAME, Project

# Set in the containers, whatever the configuration asks of them.
_SET_HERE = frozenset(
    {
        "DO_NOT_TRACK",
        "HOME",
        "PATH",
        "PREFECT_API_AUTH_STRING",
        "PREFECT_API_URL",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY",
        "PREFECT_LOCAL_STORAGE_PATH",
        "PREFECT_RUNNER_HEARTBEAT_FREQUENCY",
        "PREFECT_SERVER_ANALYTICS_ENABLED",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONUNBUFFERED",
    }
)
# How long a worker that was told to stop waits for its runs before it ends them itself,
# and how long it takes to end them and to tell the server.
_GRACE_SECONDS = 120
_ENDING_SECONDS = 60
# A window of a resident runner ends when the next one begins, or half a minute later.
_AFTER_WINDOW_SECONDS = 60

# What a component needs beside `otac[prefect]`.
_EXTRAS = {"HuggingFaceClassifier": "hf", "LLMClassifier": "llm"}


class Pool(NamedTuple):
    """A work pool, and the name of its worker."""

    name: str
    worker: str
    grace_seconds: int

    @property
    def command(self) -> tuple[str, ...]:
        """What starts its worker."""
        options = (f"--pool={self.name}", f"--grace={self.grace_seconds}")
        return ("otac", "worker", "start", *options, "--with-healthcheck")

    @property
    def stop_seconds(self) -> int:
        """How long the worker may take to stop before it is killed."""
        return self.grace_seconds + _ENDING_SECONDS


class Stack(NamedTuple):
    """The project as containers see it.

    `name` is None where the user gave it none: two such projects on one machine are told
    apart by their folders. `prefix` is for names in a cluster. `needs_git` tells that a
    pull step calls it; `writes_beside` that a run writes into the project's folder;
    `asks_postgres` that runs keep their claims in one.
    """

    source: str
    name: str | None
    prefix: str
    placement: Placement
    pools: tuple[Pool, ...]
    variables: tuple[ContainerVariable, ...]
    extras: tuple[str, ...]
    needs_git: bool
    writes_beside: bool
    asks_postgres: bool

    @property
    def deploy_command(self) -> tuple[str, ...]:
        """What puts the deployments on the server, run in the project's folder."""
        config = self.placement.config
        return (
            *("otac", "deploy", f"./{config}" if config.startswith("-") else config),
            *(() if self.placement.is_together else ("--output", ".")),
            "--yes",
        )


def stack(project: Project, placement: Placement) -> Stack:
    """The stack of a project."""
    # An image has a worker even where no runner has been written yet.
    pools = [one.work_pool.name for one in project.runners] or ["default"]
    names = slugs(pools, "pool")
    components = {one.component.name for one in project.services}
    helpdesks = [
        has_argument(one, "claims") for one in project.services if "claims" in one.takes
    ]
    is_named = project.name != DEFAULT_PROJECT_NAME
    prefix = slug(project.name, "otac")
    if prefix[0].isdigit():
        # A Service of Kubernetes begins with a letter.
        prefix = f"otac-{prefix}"
    return Stack(
        source=comment(project.source),
        name=prefix if is_named else None,
        prefix=prefix,
        placement=placement,
        pools=tuple(
            Pool(name, f"worker-{short}", _grace(project, name))
            for name, short in names.items()
        ),
        variables=variables(project, _SET_HERE),
        extras=(
            *(extra for name, extra in _EXTRAS.items() if name in components),
            *(("postgres",) if any(helpdesks) else ()),
        ),
        needs_git=any("git" in name for step in project.pull or () for name in step),
        # The embedded store, or a file of claims.
        writes_beside="SqliteTicketSystem" in components or not all(helpdesks),
        asks_postgres=any(helpdesks),
    )


def _grace(project: Project, pool: str) -> int:
    windows = (
        one.resident.window_seconds
        for one in project.runners
        if one.resident is not None and one.work_pool.name == pool
    )
    longest = max(windows, default=0)
    if not longest:
        return _GRACE_SECONDS
    return max(_GRACE_SECONDS, int(longest) + _AFTER_WINDOW_SECONDS)


# Names for images, services and objects of a cluster, made from the user's.
_OTHER = re.compile(r"[^a-z0-9]+")
# A name of Kubernetes has at most 63 characters, and `PROJECT-worker-POOL` is one.
_LONGEST = 24


def slug(text: str, otherwise: str) -> str:
    """Small letters, digits and single dashes; `otherwise` where nothing is left."""
    return _OTHER.sub("-", text.lower())[:_LONGEST].strip("-") or otherwise


def slugs(texts: Iterable[str], otherwise: str) -> dict[str, str]:
    """A slug of its own for each text, in the order of the texts."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for text in texts:
        if text in given:
            continue
        name = first = slug(text, otherwise)
        number = 2
        while name in taken:
            name = f"{first}-{number}"
            number += 1
        given[text] = name
        taken.add(name)
    return given
