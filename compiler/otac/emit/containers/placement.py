"""Where the project lies in the folder that becomes an image."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

# What a Dockerfile reads as it stands: no `$`, no space, no pattern.
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+")


@dataclass(frozen=True, slots=True)
class Placement:
    """Relative POSIX paths, `.` where two folders are one.

    `context` leads from the output folder to the folder that the image is made of: the
    nearest one that holds both the output and the configuration. `project` leads from
    there to the output folder, `config` from the output folder to the configuration.
    """

    context: str = "."
    project: str = "."
    config: str = "config.yml"

    @property
    def is_plain(self) -> bool:
        """Whether the way to the output folder can be written into a Dockerfile."""
        return _PLAIN.fullmatch(self.project) is not None

    @property
    def is_together(self) -> bool:
        """Whether the output lies beside the configuration."""
        return "/" not in self.config

    def in_context(self, path: str) -> str:
        """A path in the output folder as it is seen from the context."""
        return path if self.project == "." else f"{self.project}/{path}"

    def in_image(self, path: str = "") -> str:
        """The folder of the project in the image, or a path in it."""
        folder = "/project" if self.project == "." else f"/project/{self.project}"
        return f"{folder}/{path}" if path else folder


# What a project in containers runs on.
class ContainerTarget(Enum):
    """The value is the file by which it is known that otac wrote for it."""

    DOCKER = "compose.yml"
    KUBERNETES = "kubernetes/kustomization.yaml"


def targets_among(paths: Iterable[str]) -> frozenset[ContainerTarget]:
    """The targets for which these files, all of otac's, were written."""
    there = frozenset(paths)
    return frozenset(target for target in ContainerTarget if target.value in there)
