"""Generated flows, imported into this process."""

import importlib
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from otac.local.generated_package import importing_from
from otac.local.job import job
from otac.local.scratch import write
from otac.orchestrator.blueprint import Blueprint

if TYPE_CHECKING:
    from prefect import Flow


@contextmanager
def flow_of(blueprint: Blueprint, pipe_id: str) -> "Iterator[Flow[..., Any]]":
    """The flow of a runner, with the configuration's folder as working directory.

    The caller's own package `generated`, and that of another configuration, are as before
    afterwards: modules that have been imported do not ask for theirs again.
    """
    target = job(blueprint.output, blueprint.runner(pipe_id).id, {})
    with TemporaryDirectory(prefix="otac-") as folder, chdir(blueprint.folder):
        write(blueprint.output, Path(folder), blueprint.project.source)
        with importing_from(folder, str(blueprint.folder)):
            module = importlib.import_module(target.module)
        yield getattr(module, target.function)
