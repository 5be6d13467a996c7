"""`generated/otac.lock`: what otac wrote, and from what.

The lock decides whether a file is otac's to change. Files are recognised by digest, never
by their header, which everybody can copy.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from otac.diagnostics.diagnostic import Diagnostic
from otac.output import diagnostic_record
from otac.output.diagnostic_record import text, whole
from otac.output.inputs import Inputs
from otac.source.document import Json

FORMAT = 1
LOCK_PATH = "generated/otac.lock"


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
