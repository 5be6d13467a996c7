"""A worker that runs what a server schedules."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO

from otac.local.process import Process


class Worker(Process):
    """A worker of type `process` for one work pool.

    In `otac dev` the pools of a project are all of this type, also those that are made of
    containers elsewhere. Runs start warm, whatever the configuration says of production.
    """

    def __init__(
        self,
        pool: str,
        environment: Mapping[str, str],
        folder: Path,
        output: IO[bytes] | int,
    ) -> None:
        self.pool = pool
        super().__init__(
            "otac.worker",
            *("start", "--warm", "--grace=0", f"--pool={pool}", "--name=otac"),
            environment=environment,
            folder=folder,
            stdout=output,
            stderr=output,
        )
