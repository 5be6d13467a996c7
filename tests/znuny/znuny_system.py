"""A real Znuny: one that is there, or one that is built and started for the tests."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from otac.local.ports import free_port

USER = "open_ticket_ai"
PASSWORD = "otaipw"
CUSTOMER = "c1"
_SCRIPTS = Path(__file__).parents[3] / "shared" / "znuny"
_WEB_SERVICE = Path(__file__).parents[2] / "templates" / "init-otobo" / "otac.yml"
_PATH = "/otrs/nph-genericinterface.pl"
_USUAL = f"http://127.0.0.1:8088{_PATH}"


class NotHere(Exception):
    """Why there is no Znuny to be had."""


@dataclass(frozen=True, slots=True)
class Znuny:
    """`url` is that of its Generic Interface; `root` its own file system, if that is known."""

    url: str
    root: Path | None = None


@contextmanager
def running() -> Iterator[Znuny]:
    """The one of OTAC_ZNUNY_URL, or at the usual place, or else one of our own.

    Raises NotHere.
    """
    given = os.environ.get("OTAC_ZNUNY_URL")
    if given is not None:
        if not _answers(given):
            raise NotHere(f"nothing answers at OTAC_ZNUNY_URL, {given}")
        root = os.environ.get("OTAC_ZNUNY_ROOT")
        yield Znuny(given, Path(root) if root else None)
    elif _answers(_USUAL):
        yield Znuny(_USUAL)
    else:
        with _started() as znuny:
            yield znuny


def _answers(url: str) -> bool:
    """Whether it lets the agent search."""
    try:
        answer = httpx.post(
            f"{url}/Webservice/OpenTicketAI/ticket-search",
            json={"UserLogin": USER, "Password": PASSWORD, "Limit": 1},
            timeout=60,
        )
        return answer.status_code == 200 and "Error" not in answer.json()
    except (httpx.HTTPError, ValueError):
        return False


@contextmanager
def _started() -> Iterator[Znuny]:
    if not (_SCRIPTS / "up").exists():
        raise NotHere("the scripts that build a Znuny are not in ../shared/znuny")
    if os.name != "posix" or os.geteuid() != 0:
        raise NotHere("building a Znuny needs root")
    if shutil.which("apt-get") is None:
        raise NotHere("building a Znuny needs Debian's packages")
    root = Path(tempfile.mkdtemp(prefix="otac-znuny-"))
    # It becomes the `/` of the database's user and of others.
    root.chmod(0o755)
    port, database = free_port(), free_port()
    try:
        built = subprocess.run(
            [_SCRIPTS / "up", root, str(port), str(database)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        url = f"http://127.0.0.1:{port}{_PATH}"
        if built.returncode != 0 or not _answers(url):
            said = " ".join(built.stdout.split())[-300:]
            raise NotHere(f"a Znuny could not be built: {said}")
        _import_web_service(root)
        yield Znuny(url, root)
    finally:
        subprocess.run([_SCRIPTS / "down", root], check=False, capture_output=True)
        _remove(root)


def _import_web_service(root: Path) -> None:
    """The one that `otac init --from otobo` writes, under the name it tells to use."""
    shutil.copy(_WEB_SERVICE, root / "tmp")
    command = "Admin::WebService::Add --name otac --source-path /tmp/otac.yml"
    console = "perl /usr/share/otrs/bin/otrs.Console.pl"
    subprocess.run(
        ["chroot", "--userspec=otrs:www-data", root, *f"{console} {command}".split()],
        check=True,
        capture_output=True,
    )


def _remove(root: Path) -> None:
    """Never through a mount: below `dev` would be the machine's own devices."""
    if not any((root / name).is_mount() for name in ("proc", "dev")):
        subprocess.run(["rm", "-rf", "--one-file-system", root], check=False)
