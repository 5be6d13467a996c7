"""Container files as a part of the output, for as long as they are wanted.

Wanted is what the command line asks for; where it says nothing, what the last build wrote.
So a plain `otac build`, its `--check` in CI and `otac deploy` speak of the same files as
the `otac build --docker` that somebody ran once.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from otac.cli.configuration import Configuration
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.output.lock import written

if TYPE_CHECKING:
    from otac.emit.containers import Placement
    from otac.emit.layout import Output
    from otac.lower.project import Project


@dataclass(frozen=True, slots=True)
class ContainerChoice:
    """What the command line says of `--docker` and `--kubernetes`; None for nothing."""

    docker: bool | None = None
    kubernetes: bool | None = None

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return self.docker is not None or self.kubernetes is not None


def with_containers(
    output: "Output",
    project: "Project",
    configuration: Configuration,
    choice: ContainerChoice | None = None,
) -> "Output | Diagnostic":
    """The output, and the container files that are wanted beside it."""
    # Jinja and all that is behind it; most projects have no such files.
    from otac.emit.containers import ContainerTarget, container_files, targets_among

    targets = set(targets_among(written(configuration.output)))
    asked = choice or ContainerChoice()
    for target, said in (
        (ContainerTarget.DOCKER, asked.docker),
        (ContainerTarget.KUBERNETES, asked.kubernetes),
    ):
        if said is not None:
            (targets.add if said else targets.discard)(target)
    if not targets:
        return output
    placement = _placement(configuration)
    if isinstance(placement, Diagnostic):
        return placement
    files = container_files(project, placement, frozenset(targets))
    return replace(output, artifacts=(*output.artifacts, *files))


def _placement(configuration: Configuration) -> "Placement | Diagnostic":
    from otac.emit.containers import Placement

    context = configuration.folder_of_both
    if context is None:
        return _refused(
            "the output is on another drive than the configuration",
            "give `-o` a folder on the same drive, or leave it out",
        )
    output = configuration.output.resolve()
    project = Path(os.path.relpath(output, output / context)).as_posix()
    folder = configuration.folder_from_output
    config = configuration.title if folder == "." else f"{folder}/{configuration.title}"
    placement = Placement(context, project, config)
    if not placement.is_plain:
        return _refused(
            f"the way to the output folder, `{project}`, cannot be written into a "
            "Dockerfile",
            "give `-o` a folder whose name is letters, digits, `.`, `-` and `_`",
        )
    return placement


def _refused(reason: str, help: str) -> Diagnostic:
    return error("OTC409", f"no image can be made of this project: {reason}", help=help)
