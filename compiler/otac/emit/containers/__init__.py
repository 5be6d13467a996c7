"""Project to the files that run it in containers: an image, compose, Kubernetes."""

from otac.emit.containers.files import container_files
from otac.emit.containers.placement import ContainerTarget, Placement, targets_among

__all__ = ["ContainerTarget", "Placement", "container_files", "targets_among"]
