"""A piece of `prefect.yaml` as otac wants it."""

import json
from dataclasses import dataclass

from otac.output.inputs import digest
from otac.output.yaml_writer import entry, item
from otac.source.document import Json


@dataclass(frozen=True, slots=True)
class Wanted:
    """The lines of the piece, without indentation, and what they read as when alone."""

    data: Json
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def digest(self) -> str:
        return data_digest(self.data)

    def shifted(self, indent: int) -> list[str]:
        """The lines further to the right, empty ones left empty."""
        return [" " * indent + line if line else line for line in self.lines]


def wanted_key(key: str, value: Json) -> Wanted:
    """A key of the root."""
    return Wanted({key: value}, tuple(entry(key, value)))


def wanted_deployment(deployment: dict[str, Json]) -> Wanted:
    """An item of `deployments`."""
    return Wanted([deployment], tuple(item(deployment)))


def data_digest(data: object) -> str:
    """The digest by which a piece is recognised, whatever a formatter did to its text.

    Raises TypeError or ValueError for data that is not JSON.
    """
    return digest(json.dumps(data, sort_keys=True).encode())
