"""Project to files. The only place that knows the templates."""

from otac.emit.layout import Artifact, DeploymentFile, Output
from otac.emit.project_files import emit, places

__all__ = ["Artifact", "DeploymentFile", "Output", "emit", "places"]
