"""Our part of `prefect.yaml`, put into whatever stands there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from otac.diagnostics.diagnostic import Diagnostic
from otac.output.lock import Shared, digest, normalised

if TYPE_CHECKING:
    from otac.emit.layout import DeploymentFile

import json

from otac.output.yaml_writer import entry, item
from otac.source.document import Json


# A piece of `prefect.yaml` as otac wants it.
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


LABEL = "# Compiled by otac from "


@dataclass(frozen=True, slots=True)
class Merged:
    """The file's new content, and what of it is otac's."""

    content: bytes
    shared: Shared


def merge(
    old: bytes | None,
    ours: "DeploymentFile",
    known: Shared | None,
    source: str,
    force: bool,
) -> Merged | tuple[Diagnostic, ...]:
    """The file with our keys and deployments in it.

    A file in which nothing is anybody else's is written anew from end to end; in any
    other one the pieces are spliced in, and every other byte stays.
    """
    label = _label(source)
    keys = {key: wanted_key(key, value) for key, value in ours.keys.items()}
    deployments = {str(one["name"]): wanted_deployment(one) for one in ours.deployments}
    whole = _whole(label, keys, deployments).encode()
    same = old is not None and normalised(old) == whole
    if (
        old is None
        or same
        or not old.strip()
        or (known is not None and known.whole and digest(old) == known.digest)
    ):
        shared = Shared(
            digest(whole),
            True,
            {name: one.digest for name, one in keys.items()},
            {name: one.digest for name, one in deployments.items()},
        )
        return Merged(old if same and old is not None else whole, shared)
    # Only a file with something of the user's needs a YAML parser.
    from otac.output.prefect_splice import splice

    return splice(old, ours, known, label, force)


def _label(source: str) -> str:
    """The line that names otac and the source: ASCII, and one line whatever the name."""
    name = source.encode("unicode_escape").decode("ascii")
    return f"{LABEL}{name}. Edit the configuration, then run `otac build`."


def _whole(label: str, keys: dict[str, Wanted], deployments: dict[str, Wanted]) -> str:
    sections = [label, *(one.text for one in keys.values())]
    if deployments:
        entries = ["\n".join(one.shifted(2)) for one in deployments.values()]
        sections.append("deployments:\n" + "\n\n".join(entries))
    else:
        sections.append("deployments: []")
    return "\n\n".join(sections) + "\n"
