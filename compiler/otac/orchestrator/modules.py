"""Generated flows, imported into this process."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from otac.local.job import job
from otac.local.scratch import write
from otac.orchestrator.blueprint import Blueprint

if TYPE_CHECKING:
    from prefect import Flow

_PACKAGE = "generated"


@contextmanager
def flow_of(blueprint: Blueprint, pipe_id: str) -> "Iterator[Flow[..., Any]]":
    """The flow of a runner, with the configuration's folder as working directory.

    The caller's own package `generated`, and that of another configuration, are as before
    afterwards: modules that have been imported do not ask for theirs again.
    """
    target = job(blueprint.output, blueprint.runner(pipe_id).id, {})
    with TemporaryDirectory(prefix="otac-") as folder, chdir(blueprint.folder):
        write(blueprint.output, Path(folder), blueprint.project.source)
        with _importing_from(folder, str(blueprint.folder)):
            module = importlib.import_module(target.module)
        yield getattr(module, target.function)


@contextmanager
def _importing_from(generated: str, user: str) -> Iterator[None]:
    others = {name: sys.modules.pop(name) for name in _loaded()}
    sys.path[:0] = [generated, user]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(generated)
        # Modules of the user's may import others of his when they are called.
        sys.path.remove(user)
        sys.path.append(user)
        for name in _loaded():
            del sys.modules[name]
        sys.modules.update(others)


def _loaded() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]
