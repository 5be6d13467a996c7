"""What a build would change."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.output.environment import environment
from otac.output.exclusive import exclusive
from otac.output.lock import (
    LOCK_PATH,
    PREFECT_PATH,
    Inputs,
    Lock,
    decode,
    digest,
    encode,
)
from otac.output.ownership import (
    Change,
    FileAction,
    behind_a_link,
    decide,
    linked,
    read,
)
from otac.output.prefect_file import Merged, merge
from otac.output.transaction import recover
from otac.plain_file import leads_out
from otac.progress import each

if TYPE_CHECKING:  # `emit` brings Jinja along, and an unchanged build needs none
    from otac.emit.layout import Output


@dataclass(frozen=True, slots=True)
class Build:
    """What is to be written and where. `diagnostics` are what `fresh` will repeat."""

    folder: Path
    output: "Output"
    inputs: Inputs
    diagnostics: tuple[Diagnostic, ...]
    force: bool


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """Every file of the build and what happens to it, in the order of the paths."""

    build: Build
    changes: tuple[Change, ...]

    @property
    def pending(self) -> tuple[Change, ...]:
        """The changes that change something."""
        return tuple(
            one for one in self.changes if one.action is not FileAction.UNCHANGED
        )

    def holds(self) -> bool:
        """Whether what will be replaced still looks as it did when this was planned."""
        decisive = {LOCK_PATH, PREFECT_PATH}
        return all(
            read(self.build.folder / one.path) == one.old
            for one in self.changes
            if one.action is not FileAction.UNCHANGED or one.path in decisive
        )


def plan(
    folder: Path,
    output: "Output",
    inputs: Inputs,
    diagnostics: tuple[Diagnostic, ...] = (),
    *,
    force: bool = False,
) -> BuildPlan | tuple[Diagnostic, ...]:
    """Compare `output` with what stands in `folder`; everything that forbids writing it.

    Writes nothing, except that it first clears up after a build that was killed.
    """
    build = Build(folder, output, inputs.ordered(), diagnostics, force)
    try:
        try:
            folder.stat()
        except FileNotFoundError:
            return survey(build)
        with exclusive(folder):
            recover(folder)
            return survey(build)
    except OSError as problem:
        return (environment(problem, folder),)


def survey(build: Build) -> BuildPlan | tuple[Diagnostic, ...]:
    """The same for a caller that holds the lock. Raises OSError."""
    old_lock = read(build.folder / LOCK_PATH)
    known = None if old_lock is None else decode(old_lock)
    if isinstance(known, str):
        if not build.force:
            return (_unreadable(known),)
        known = None
    problems: list[Diagnostic] = []
    changes: list[Change] = []
    for decision in _decisions(build, known):
        if isinstance(decision, Diagnostic):
            problems.append(decision)
        else:
            changes.append(decision)
    old = read(build.folder / PREFECT_PATH)
    merged = merge(
        old,
        build.output.deployments,
        None if known is None else known.shared,
        build.inputs.source,
        build.force,
    )
    if not isinstance(merged, Merged):
        return (*problems, *merged)
    prefect = _change(PREFECT_PATH, old, merged.content)
    if not build.force and (link := linked(build.folder, prefect)):
        problems.append(link)
    if problems:
        return tuple(problems)
    changes.append(prefect)
    files = {one.path: digest(one.text.encode()) for one in build.output.artifacts}
    lock = Lock(
        build.inputs, files, merged.shared, build.diagnostics, build.output.places
    )
    # What was just written to `prefect.yaml` is to be recognised as otac's next time.
    kept = None
    if prefect.action is FileAction.UNCHANGED and known and known.vouches_for(lock):
        kept = old_lock
    changes.append(_change(LOCK_PATH, old_lock, kept or encode(lock).encode()))
    return BuildPlan(build, tuple(sorted(changes, key=lambda one: one.path)))


def _decisions(build: Build, known: Lock | None) -> Iterator[Change | Diagnostic]:
    digests = {} if known is None else known.files
    wanted = {one.path: one.text.encode() for one in build.output.artifacts}
    paths = sorted({*wanted, *digests, LOCK_PATH})
    parents = {path.rpartition("/")[0] for path in paths}
    outside = {one for one in parents if leads_out(build.folder, build.folder / one)}
    for parent in sorted(outside):
        # Once for a folder; `--force` is about files, not about places.
        yield behind_a_link(
            next(one for one in paths if one.rpartition("/")[0] == parent)
        )
    for path in each("comparing files", paths):
        if path == LOCK_PATH or path.rpartition("/")[0] in outside:
            continue
        decision = decide(
            build.folder, path, wanted.get(path), digests.get(path), build.force
        )
        if decision is not None:
            yield decision


def _change(path: str, old: bytes | None, new: bytes) -> Change:
    if old is None:
        return Change(path, FileAction.CREATE, None, new)
    return Change(
        path, FileAction.UNCHANGED if old == new else FileAction.UPDATE, old, new
    )


def _unreadable(reason: str) -> Diagnostic:
    return error(
        "OTC403",
        f"`{LOCK_PATH}` cannot be used: {reason}",
        help="restore it from version control, "
        "or run `otac build --force` to write everything anew",
        file=LOCK_PATH,
    )


# How the output differs from what it should be, for `otac build --check`.
def drift(plan: BuildPlan) -> tuple[Diagnostic, ...]:
    """One error for each file that `otac build` would change; none if it changes nothing."""
    source = plan.build.inputs.source
    what = {
        FileAction.CREATE: "is missing",
        FileAction.UPDATE: f"is not what `{source}` compiles to",
        FileAction.REMOVE: f"is no longer in `{source}`",
    }
    return tuple(
        error(
            "OTC408",
            f"`{one.path}` {what[one.action]}",
            help=f"run `otac build {source}`",
            file=one.path,
        )
        for one in plan.pending
    )
