"""The folder in which the embedded Prefect of a project lives."""

import errno
import json
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.extras import install
from otac.output.environment import environment
from otac.plain_file import leads_out

FOLDER = ".otac"
_LOG, _ADDRESS, _DATABASE = "prefect.log", "server.json", "prefect.db"
_HERE = re.compile(r"http://127\.0\.0\.1:\d{1,5}")
# A change of the project can bring a link with it.
_NO_LINK = "remove the link: what runs here writes into that folder"


@dataclass(frozen=True, slots=True)
class Home:
    """A folder below `.otac`, one for each version of Prefect.

    A newer Prefect changes the database in a way that an older one cannot read.
    """

    path: Path

    @property
    def log(self) -> Path:
        """What the server and the workers wrote, for `otac dev` to point at."""
        return self.path / _LOG

    def announce(self, url: str) -> None:
        """Note that a server for this home can be reached."""
        self._address.write_text(json.dumps({"url": url}), encoding="utf-8")

    def withdraw(self) -> None:
        """Take the note back."""
        with suppress(OSError):
            self._address.unlink()

    def announced(self) -> str | None:
        """The server that was last announced; whoever did so may have been killed.

        One of this machine: the file may have come with somebody's change.
        """
        try:
            url = json.loads(self._address.read_text(encoding="utf-8"))["url"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        is_here = isinstance(url, str) and _HERE.fullmatch(url) is not None
        return url if is_here else None

    @property
    def _address(self) -> Path:
        return self.path / _ADDRESS


def missing_prefect() -> Diagnostic | None:
    """What to say where Prefect is not installed."""
    if _prefect_version() is not None:
        return None
    return error(
        "OTC510",
        "running needs Prefect, which is not installed",
        help=install("prefect"),
    )


def prepare_home(folder: Path) -> Home | Diagnostic:
    """The home for the project in `folder`; made where it is missing."""
    if (missing := missing_prefect()) is not None:
        return missing
    installed = _prefect_version()
    path = folder.resolve() / FOLDER / f"prefect-{installed}"
    kept = (path, *(path / name for name in (_LOG, _ADDRESS, _DATABASE, "run.log")))
    if (
        link := next((one for one in kept if leads_out(folder, one)), None)
    ) is not None:
        out = OSError(
            errno.ELOOP, "a symbolic link leads out of the project", str(link)
        )
        return replace(environment(out, folder.resolve()), help=_NO_LINK)
    try:
        path.mkdir(parents=True, exist_ok=True)
        ignore = path.parent / ".gitignore"
        # The folder keeps itself out of version control.
        with suppress(FileExistsError), ignore.open("x", encoding="utf-8") as file:
            file.write("*\n")
    except OSError as problem:
        refused = environment(problem, folder)
        return replace(refused, help="the embedded Prefect keeps its database there")
    return Home(path)


def _prefect_version() -> str | None:
    # `find_spec` too: the client alone (`prefect-client`) has no server.
    try:
        return version("prefect") if find_spec("prefect") else None
    except PackageNotFoundError:
        return None
