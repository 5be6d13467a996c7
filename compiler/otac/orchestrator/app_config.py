"""Names for a configuration and what is in it.

They are all that a custom deployment has as parameters: Prefect stores parameters, and
shows them to everybody, so nothing of the configuration's content is in them.
"""

import os
from dataclasses import dataclass
from typing import TypeAlias

DEFAULT_PATH = "config.yml"


@dataclass(frozen=True)
class AppConfig:
    """A configuration file. A relative path is relative to the working directory."""

    path: str = DEFAULT_PATH


@dataclass(frozen=True)
class RunnerDefinition:
    """A runner of a configuration, by its `pipe_id`."""

    pipe_id: str


@dataclass(frozen=True)
class PipeFactory:
    """Makes the pipes of a configuration: it compiles the file."""

    app_config: AppConfig = AppConfig()


Source: TypeAlias = PipeFactory | AppConfig | str | os.PathLike[str]


def path_of(source: Source) -> str:
    """The file that any of these names."""
    match source:
        case PipeFactory(AppConfig(path)) | AppConfig(path):
            return path
        case _:
            return os.fspath(source)
