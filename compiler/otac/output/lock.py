"""`generated/otac.lock`: what otac wrote, and from what.

The lock decides whether a file is otac's to change. Files are recognised by digest, never
by their header, which everybody can copy.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from otac.diagnostics.diagnostic import Diagnostic
from otac.output import diagnostic_record
from otac.output.diagnostic_record import text, whole
from otac.plain_file import read_file
from otac.source.document import Json


# What a build was made from.
@dataclass(frozen=True, slots=True)
class Inputs:
    """The compiler and the files it read, by digest.

    `otac` is the version and `compiler` a digest of the compiler itself, so that a
    changed checkout is not taken for the one that wrote the output. `source` is the
    configuration's file name as the headers show it. `files` are (name, digest) of the
    configuration and of whatever else was read; names are relative, digests come from
    `digest`.
    """

    otac: str
    compiler: str
    source: str
    files: tuple[tuple[str, str], ...]

    def ordered(self) -> "Inputs":
        """The same, with `files` in the order of the lock."""
        return replace(self, files=tuple(sorted(self.files)))


# The digest by which otac recognises a file again.
def digest(data: bytes) -> str:
    """SHA-256 in hex, with `\\r\\n` read as `\\n`.

    git on Windows rewrites line ends at checkout; that is not an edit by hand.
    """
    return sha256(normalised(data)).hexdigest()


def normalised(data: bytes) -> bytes:
    """`data` with `\\r\\n` read as `\\n`."""
    return data.replace(b"\r\n", b"\n") if b"\r\n" in data else data


FORMAT = 1
LOCK_PATH = "generated/otac.lock"
PREFECT_PATH = "prefect.yaml"
# Where a build lies until it is whole.
STAGING = ".otac-build"


@dataclass(frozen=True, slots=True)
class Shared:
    """What otac owns of `prefect.yaml`.

    `keys` and `deployments` hold the digest of the data of each piece, so that a formatter
    may go over the file. `digest` is that of the whole file after the build; `whole` says that
    nothing in that file was anybody else's.
    """

    digest: str
    whole: bool
    keys: Mapping[str, str]
    deployments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lock:
    """What the last build wrote; `files` maps paths to digests, without `prefect.yaml`.

    `places` tell a run where its steps stand: the line of each step of each runner.
    """

    inputs: Inputs
    files: Mapping[str, str]
    shared: Shared
    diagnostics: tuple[Diagnostic, ...]
    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def vouches_for(self, other: "Lock") -> bool:
        """Whether writing `other` over this lock would say nothing new.

        An upgrade of otac that changes no output, and an edit of the user's own part of
        `prefect.yaml`, leave the lock as it is; only the short cut is lost until the next
        change. The alternative, to rewrite it, makes `build --check` fail for both.
        """
        return self._substance() == other._substance()

    def _substance(self) -> "Lock":
        return replace(
            self,
            inputs=replace(self.inputs, otac="", compiler=""),
            shared=replace(self.shared, digest="", whole=False),
        )


def encode(lock: Lock) -> str:
    """JSON, sorted, one line for each file, deployment and diagnostic."""
    shared = lock.shared
    prefect = {
        "digest": _line(shared.digest),
        "whole": _line(shared.whole),
        "keys": _table(shared.keys, "    "),
        "deployments": _table(shared.deployments, "    "),
    }
    return (
        _object(
            {
                "format": _line(FORMAT),
                "otac": _line(lock.inputs.otac),
                "compiler": _line(lock.inputs.compiler),
                "source": _line(lock.inputs.source),
                "inputs": _table(dict(lock.inputs.files), "  "),
                "files": _table(lock.files, "  "),
                "prefect.yaml": _object(prefect, "  "),
                "places": _object(
                    {key: _line(dict(lock.places[key])) for key in sorted(lock.places)},
                    "  ",
                ),
                "diagnostics": _list(
                    [_line(diagnostic_record.encode(one)) for one in lock.diagnostics]
                ),
            },
            "",
        )
        + "\n"
    )


def decode(data: bytes) -> Lock | str:
    """The lock, or why it cannot be read. Keys of later versions are passed over."""
    try:
        return _lock(json.loads(data, parse_constant=_constant))
    except UnicodeDecodeError:
        return "it is not UTF-8"
    except json.JSONDecodeError as problem:
        return f"it is not JSON: line {problem.lineno}, column {problem.colno}"
    except _RefusedLock as problem:
        return str(problem)
    except KeyError:
        return "a key is missing"
    except (AttributeError, TypeError, ValueError, RecursionError):
        return "a value is of the wrong kind"


class _RefusedLock(ValueError):
    """Valid JSON that is no lock this version can use; the text says why."""


def _lock(raw: Any) -> Lock:
    if raw["format"] != FORMAT:
        raise _RefusedLock(f"its format is {raw['format']!r}, this otac reads {FORMAT}")
    prefect = raw["prefect.yaml"]
    return Lock(
        Inputs(
            text(raw["otac"]),
            text(raw["compiler"]),
            text(raw["source"]),
            tuple(_texts(raw["inputs"]).items()),
        ),
        {path_of_ours(path): known for path, known in _texts(raw["files"]).items()},
        Shared(
            text(prefect["digest"]),
            prefect["whole"] is True,
            _texts(prefect["keys"]),
            _texts(prefect["deployments"]),
        ),
        tuple(diagnostic_record.decode(one) for one in raw["diagnostics"]),
        # Builds of earlier versions have none.
        {
            text(runner): {text(path): whole(line) for path, line in steps.items()}
            for runner, steps in raw.get("places", {}).items()
        },
    )


def _texts(raw: Any) -> dict[str, str]:
    return {text(key): text(value) for key, value in raw.items()}


def _constant(name: str) -> float:
    raise _RefusedLock(f"`{name}` is no JSON")


def path_of_ours(path: str) -> str:
    """`path`, which stays below the output folder: what is listed here may be deleted.

    Raises ValueError.
    """
    parts = path.split("/")
    if "\\" in path or ":" in path or any(part in ("", ".", "..") for part in parts):
        raise _RefusedLock(f"it lists `{path}`, which is outside the output folder")
    if not path.isprintable():
        raise _RefusedLock(f"it lists {path!a}, which is not a name that otac gives")
    return path


def _line(value: Json) -> str:
    return json.dumps(value)


def _table(entries: Mapping[str, str], indent: str) -> str:
    return _object({key: _line(entries[key]) for key in sorted(entries)}, indent)


def _object(entries: Mapping[str, str], indent: str) -> str:
    if not entries:
        return "{}"
    lines = [f"{indent}  {_line(key)}: {value}" for key, value in entries.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _list(items: list[str]) -> str:
    return "[\n    " + ",\n    ".join(items) + "\n  ]" if items else "[]"


# The short cut for a build that would change nothing.
def fresh(folder: Path, inputs: Inputs) -> tuple[Diagnostic, ...] | None:
    """The diagnostics of the last build, if the same build again would change nothing.

    None says that this is not known; then the configuration has to be compiled. Reads
    every file and no YAML.
    """
    root = os.fspath(folder)
    try:
        if os.path.lexists(f"{root}/{STAGING}"):
            return None  # a build is at work, or was killed: `plan` waits and clears up
        lock = decode(read_file(f"{root}/{LOCK_PATH}"))
        if not isinstance(lock, Lock) or lock.inputs != inputs.ordered():
            return None
        if digest(read_file(f"{root}/{PREFECT_PATH}")) != lock.shared.digest:
            return None
        for path, known in lock.files.items():
            if digest(read_file(f"{root}/{path}")) != known:
                return None
    except OSError:
        return None  # `plan` meets the same and says what it is
    return lock.diagnostics


def recorded(folder: Path) -> tuple[Diagnostic, ...]:
    """What the last build found; nothing where that is not known."""
    try:
        lock = decode(read_file(folder / LOCK_PATH))
    except OSError:
        return ()
    return lock.diagnostics if isinstance(lock, Lock) else ()


# What the last build wrote.
def written(folder: Path) -> frozenset[str]:
    """The paths of otac's files in the output folder; none where no lock tells.

    Why it cannot be read is for `plan` to say.
    """
    try:
        lock = decode(read_file(folder / LOCK_PATH))
    except OSError:
        return frozenset()
    return frozenset(lock.files) if isinstance(lock, Lock) else frozenset()
