"""Project to files. The only place that knows the templates."""

from otac.emit.artifact import Artifact, DeploymentFile, Output
from otac.emit.places import places
from otac.emit.project_files import emit

__all__ = ["Artifact", "DeploymentFile", "Output", "emit", "places"]
