"""Everything that is known of the components a configuration names."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from otac.agreed import RECORD
from otac.catalogue.catalogue import Catalogue, built_in_catalogue
from otac.catalogue.modules import look_up, source_of, split
from otac.catalogue.record import (
    ComponentInfo,
    DamagedRecord,
    Record,
    RecordedPlugin,
    decode_record,
)
from otac.diagnostics.diagnostic import Diagnostic, error, warning
from otac.plain_file import read_file

_SYNC = "run `otac components sync` with this configuration"


class KnownComponents(NamedTuple):
    """`imports` tells whether modules of the user's were looked for."""

    catalogue: Catalogue
    diagnostics: tuple[Diagnostic, ...]
    imports: bool


def known_components(
    paths: Iterable[str], names: Iterable[str], folder: Path
) -> KnownComponents:
    """The catalogue for a configuration in `folder`.

    `paths` are the import paths that it names, `names` everything that stands behind
    `use`. Reads the record and the source of modules; imports nothing.
    """
    read = read_record(folder)
    if isinstance(read, Diagnostic):
        imported = look_up(paths, folder)
        catalogue = built_in_catalogue().knowing(imported, None, damaged=True)
        return KnownComponents(catalogue, (read,), bool(imported))
    if read is None:
        imported = look_up(paths, folder)
        catalogue = built_in_catalogue().knowing(imported, None)
        return KnownComponents(catalogue, (), bool(imported))
    found = [_edited()] if read.edited else []
    found += _outdated_plugins(read, names)
    # `acme:Triage` looks like an import path, too.
    imported = dict(look_up((p for p in paths if not _is_plugins(read, p)), folder))
    for path in imported:
        known = _recorded(read, path, folder)
        if isinstance(known, Diagnostic):
            found.append(known)
        elif known is not None:
            imported[path] = known
    catalogue = built_in_catalogue().knowing(imported, read)
    return KnownComponents(catalogue, tuple(found), bool(imported))


def read_record(folder: Path) -> Record | Diagnostic | None:
    """The record beside a configuration; None if there is none."""
    try:
        data = read_file(folder / RECORD)
    except FileNotFoundError:
        return None
    except OSError as problem:
        return _damaged((problem.strerror or str(problem)).lower())
    try:
        return decode_record(data)
    except DamagedRecord as problem:
        return _damaged(str(problem))


def _is_plugins(record: Record, name: str) -> bool:
    found = record.find(name)
    return found is not None and found.plugin is not None


def _recorded(
    record: Record, path: str, folder: Path
) -> ComponentInfo | Diagnostic | None:
    """What is on record for an import path; a warning if that counts no more."""
    parts = split(path)
    if parts is None:
        return None
    module, attribute = parts
    found = record.find(f"{module}:{attribute}")
    if found is None or found.plugin is not None:
        for each in record.components.values():
            # Components of a plugin can be named by where they are, too.
            info = each.info
            if each.plugin and (info.module, info.attribute) == (module, attribute):
                return info
        return None
    source = source_of(module, folder)
    if None in (source, found.source) or _digest(source or b"") == found.source:
        return found.info
    return _changed(path)


def _digest(source: bytes) -> str:
    return sha256(source.replace(b"\r\n", b"\n")).hexdigest()


def _outdated_plugins(record: Record, names: Iterable[str]) -> Iterator[Diagnostic]:
    prefixes = dict.fromkeys(name.partition(":")[0] for name in names if ":" in name)
    for prefix in prefixes:
        plugin = record.plugins.get(prefix)
        version = None if plugin is None else _installed(plugin)
        if plugin is not None and version not in (None, plugin.version):
            yield warning(
                "OTC372",
                f"plugin `{prefix}` is recorded as {plugin.distribution}"
                f" {plugin.version}, and {version} is installed",
                help=_SYNC,
                file=RECORD,
            )


def _installed(plugin: RecordedPlugin) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(plugin.distribution)
    except PackageNotFoundError:
        return None


def _changed(path: str) -> Diagnostic:
    return warning(
        "OTC372",
        f"the module of `{path}` has changed since it was recorded",
        help=f"{_SYNC}; until then, its source is read",
        file=RECORD,
    )


def _edited() -> Diagnostic:
    return warning(
        "OTC371",
        f"`{RECORD}` was not written by `otac components sync`",
        help=f"{_SYNC}, which writes it again",
        file=RECORD,
    )


def _damaged(reason: str) -> Diagnostic:
    return error(
        "OTC370",
        f"`{RECORD}` cannot be used: {reason}",
        help=f"restore it from version control, or {_SYNC}",
        file=RECORD,
    )
