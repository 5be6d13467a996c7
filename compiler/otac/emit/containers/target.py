"""What a project in containers runs on."""

from collections.abc import Iterable
from enum import Enum


class ContainerTarget(Enum):
    """The value is the file by which it is known that otac wrote for it."""

    DOCKER = "compose.yml"
    KUBERNETES = "kubernetes/kustomization.yaml"


def targets_among(paths: Iterable[str]) -> frozenset[ContainerTarget]:
    """The targets for which these files, all of otac's, were written."""
    there = frozenset(paths)
    return frozenset(target for target in ContainerTarget if target.value in there)
