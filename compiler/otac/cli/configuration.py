"""The configuration that a command works on."""

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from otac import resources
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.frame import visible
from otac.output.lock import digest
from otac.plain_file import MOST_BYTES, read_file

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Configuration:
    """A configuration's bytes, and where it and its output lie.

    `name` is what the user typed. `folder` is where the file lies (the working directory
    for standard input), `output` where the project is written.
    """

    name: str
    data: bytes
    folder: Path
    output: Path

    @property
    def title(self) -> str:
        """The file's own name, which generated files mention."""
        return "config.yml" if self.name == STANDARD_INPUT else Path(self.name).name

    @property
    def folder_from_output(self) -> str:
        """The way from the output folder to the configuration's, POSIX.

        Absolute only where there is no other (two drives of Windows).
        """
        try:
            relative = os.path.relpath(self.folder.resolve(), self.output.resolve())
        except ValueError:
            return self.folder.resolve().as_posix()
        return Path(relative).as_posix()

    @property
    def folder_of_both(self) -> str | None:
        """The way from the output folder to the nearest one that has both, POSIX.

        None where there is none (two drives of Windows).
        """
        output = self.output.resolve()
        try:
            common = os.path.commonpath([self.folder.resolve(), output])
        except ValueError:
            return None
        return Path(os.path.relpath(common, output)).as_posix()

    @cached_property
    def digest(self) -> str:
        """What tells this content from another."""
        return digest(self.data)


def read_configuration(
    name: str, output: Path | None = None
) -> Configuration | Diagnostic:
    """Read a configuration; `-` is standard input."""
    if name == STANDARD_INPUT:
        folder = Path()
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            return error(
                "OTC505",
                f"standard input is larger than {MOST_BYTES // 2**20} MB",
                help="name a configuration file, or send one",
            )
        return Configuration(name, data, folder, output or folder)
    path = Path(name)
    try:
        data = read_file(path, pipes=True)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        return error(
            "OTC505",
            f"`{name}` cannot be read: {reason[:1].lower()}{reason[1:]}",
            help=_meant(path),
        )
    return Configuration(name, data, path.parent, output or path.parent)


def _meant(path: Path) -> str:
    """What to name instead: a file beside it that is called nearly so."""
    from otac.diagnostics.suggest import nearest

    folder = path.parent
    try:
        beside = [] if path.exists() else [one.name for one in folder.iterdir()]
    except OSError:
        beside = []
    files = [one for one in beside if one.endswith((".yml", ".yaml"))]
    similar = nearest(path.name, files)
    if similar is None:
        return "name a configuration file, or `-` for standard input"
    return f"did you mean `{visible(str(folder / similar))}`?"


# Which compiler this is.
# What decides about output and diagnostics; the rest of the package does not.
_PACKAGES = (
    "catalogue",
    "check",
    "config",
    "dialects",
    "emit",
    "expressions",
    "lower",
    "output",
    "source",
)


def compiler_digest() -> str:
    """A digest of the compiler's own source, empty for an installed release.

    A release is known by its version. A checkout changes under the same version, and the
    output of the compiler before the change must not be taken for fresh.
    """
    package = Path(__file__).parents[1]
    templates = resources.folder("templates")
    if templates.parent == package:
        return ""
    files = [package / "pipeline.py"]
    for name in _PACKAGES:
        files += sorted((package / name).rglob("*.py"))
    files += sorted(one for one in templates.rglob("*") if one.is_file())
    files.append(resources.folder("requirements") / "newest.txt")
    files += sorted(resources.folder("schemas").iterdir())
    found = sha256()
    for file in files:
        found.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()
