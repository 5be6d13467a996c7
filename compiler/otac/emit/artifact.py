"""What a build writes, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from otac.source.document import Json


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file: its POSIX path relative to the output folder, and its text (`\\n` ends)."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class DeploymentFile:
    """Our part of `prefect.yaml`, which users may have written parts of too.

    `keys` are the top-level keys otac sets where the user has not set them himself (`name`,
    `pull`, ...), `deployments` the entries otac owns, each with a unique `name`.
    """

    keys: dict[str, Json]
    deployments: tuple[dict[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Output:
    """All files of one build.

    `once` names, by runner, the function that does everything one time, where that is
    another one than its deployment's. `places` are the lines of the configuration for each
    runner and step, for the lock.
    """

    artifacts: tuple[Artifact, ...]
    deployments: DeploymentFile
    once: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
