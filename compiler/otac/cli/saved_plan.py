"""A plan in a file: what somebody has looked at is what is deployed, or nothing."""

import argparse
import hashlib
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from otac import __version__
from otac.address import without_login
from otac.cli.comparison import Comparison
from otac.cli.configuration import STANDARD_INPUT
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.frame import visible
from otac.plain_file import read_file

_FORM = 1
_BEGIN = re.compile(rb'\s*\{\s*"otac_plan"')
# What the digest is of can be guessed where only a password is unknown: let that take long.
_ROUNDS = 200_000


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """Of what it is a plan, and by what that is known again; nothing that is secret.

    Paths are from the folder of the plan's file.
    """

    server: str
    project: str
    config: str
    output: str | None
    select: list[str] | None
    target_pool: str | None
    configuration: str
    salt: str
    digest: str
    changes: list[dict[str, Any]]

    @classmethod
    def of(
        cls, compared: Comparison, arguments: argparse.Namespace, file: Path
    ) -> "SavedPlan":
        """The plan, to be written into `file`."""
        from otac.cli.plan_text import changes_as_json

        salt = secrets.token_hex(16)
        output = arguments.output
        return cls(
            without_login(compared.api.url),
            compared.plan.owner,
            _from(file, compared.configuration.name),
            None if output is None else _from(file, output),
            None if arguments.select is None else list(arguments.select),
            arguments.target_pool,
            compared.configuration.digest,
            salt,
            _digest(compared, salt),
            changes_as_json(compared.plan),
        )

    @property
    def is_sound(self) -> bool:
        """Whether a file had the right kinds of values in it."""
        texts = (self.server, self.project, self.config, self.configuration)
        maybe = (self.output, self.target_pool)
        return (
            all(isinstance(one, str) for one in texts)
            and all(one is None or isinstance(one, str) for one in maybe)
            and re.fullmatch("[0-9a-f]{32}", self.salt) is not None
            and isinstance(self.digest, str)
            and (
                self.select is None
                or (bool(self.select) and all(isinstance(n, str) for n in self.select))
            )
            and all({"resource", "name"} <= one.keys() for one in self.changes)
        )

    def content(self) -> bytes:
        """Of the file."""
        told = {"otac_plan": _FORM, "otac": __version__, **asdict(self)}
        return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()

    def ask_for(self, file: Path, arguments: argparse.Namespace) -> str | None:
        """Let the arguments be those of the plan; or what else they say."""
        named = ("output", "select", "target_pool")
        if any(getattr(arguments, name) is not None for name in named):
            return (
                "a saved plan says what is deployed and where: leave out other options"
            )
        folder = file.parent
        arguments.config = os.path.normpath(folder / self.config)
        if self.output is not None:
            arguments.output = Path(os.path.normpath(folder / self.output))
        arguments.select = self.select and tuple(self.select)
        arguments.target_pool = self.target_pool
        return None

    def refusal(self, compared: Comparison) -> Diagnostic | None:
        """Why it no longer holds."""
        server = without_login(compared.api.url)
        if server != self.server:
            reason = f"it is for {visible(self.server)}, and this server is {server}"
        elif compared.configuration.digest != self.configuration:
            reason = f"{visible(compared.configuration.title)} has changed"
        elif _digest(compared, self.salt) != self.digest:
            reason = self._moved(compared)
        else:
            return None
        return error(
            "OTC549",
            f"the saved plan no longer holds: {reason}",
            help="nothing was changed; make a new one with `otac plan -o`, and look at it",
        )

    def _moved(self, compared: Comparison) -> str:
        from otac.cli.plan_text import changes_as_json

        def named(changes: list[dict[str, Any]]) -> dict[tuple[str, str], Any]:
            return {(str(one["resource"]), str(one["name"])): one for one in changes}

        now, then = named(changes_as_json(compared.plan)), named(self.changes)
        moved = [key for key in {**then, **now} if now.get(key) != then.get(key)]
        if not moved:
            return "values that are not shown have changed, here or on the server"
        what = ", ".join(f"{kind} {visible(name)}" for kind, name in moved[:5])
        more = f" and {len(moved) - 5} more" if len(moved) > 5 else ""
        return f"since then, {what}{more} changed, here or on the server"


def read_saved_plan(name: str) -> SavedPlan | Diagnostic | None:
    """The plan in a file; None where it holds something else, or cannot be read."""
    if name == STANDARD_INPUT:
        return None
    path = Path(name)
    try:
        # What comes through a pipe can be read once, and is a configuration.
        data = read_file(path) if path.is_file() else b""
    except OSError:
        return None
    if not _BEGIN.match(data):
        return None
    try:
        told = json.loads(data)
        form = told.pop("otac_plan")
        del told["otac"]
        plan = SavedPlan(**told)
        sound = form == _FORM and plan.is_sound
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        sound, plan = False, None
    if sound:
        return plan
    return error(
        "OTC545",
        f"`{visible(name)}` is not a plan that this otac {__version__} can use: "
        "it is damaged, or another version has written it",
        help="make a new one with `otac plan -o`",
    )


def _from(file: Path, path: str | Path) -> str:
    """The way from the folder of `file`; the whole path where there is none."""
    try:
        return Path(os.path.relpath(path, file.parent.resolve())).as_posix()
    except ValueError:
        return Path(path).resolve().as_posix()


def _digest(compared: Comparison, salt: str) -> str:
    """Of all that would be written, and of what is there in its place now."""
    from otac.deploy.fields import observed
    from otac.deploy.plan import (
        AutomationChange,
        BlockChange,
        DeploymentChange,
        PoolChange,
    )

    told: list[Any] = [compared.plan.owner]
    for one in compared.plan.changes:
        told.append([type(one).__name__, one.name, one.action.value])
        told.extend(asdict(place) for place in one.differences)
        match one:
            case PoolChange():
                pass
            case DeploymentChange():
                if (wanted := one.declared) is not None:
                    told += [wanted.fields, wanted.schedules, wanted.triggers]
                if (found := one.found) is not None:
                    told += [found["id"], observed(found), found.get("labels")]
            case BlockChange():
                told += [one.block.type, one.block.name, one.block.data]
                told.append(_lasting(one.found))
            case AutomationChange():
                told += [one.wanted and asdict(one.wanted), one.block]
                told += [_lasting(each) for each in (one.found, *one.replaced)]
    text = json.dumps(told, sort_keys=True, default=str).encode()
    return hashlib.pbkdf2_hmac("sha256", text, bytes.fromhex(salt), _ROUNDS).hex()


def _lasting(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """Without what changes by itself."""
    if found is None:
        return None
    return {key: value for key, value in found.items() if key != "updated"}
