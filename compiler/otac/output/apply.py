"""Carrying out a plan."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic
from otac.output import journal
from otac.output.environment import environment
from otac.output.exclusive import exclusive
from otac.output.lock import STAGING
from otac.output.plan import BuildPlan, survey
from otac.output.staging import stage
from otac.output.swap import Unsupported
from otac.output.transaction import complete, recover, sweep, undo

# Whoever changes the output more often than this while it is being written means it.
_ATTEMPTS = 5


def apply(plan: BuildPlan) -> BuildPlan | tuple[Diagnostic, ...]:
    """Write everything the plan says, or nothing; the plan that was carried out.

    That is another one where somebody changed the output since `plan` was made: then
    what is there now is planned for, and may be refused.
    """
    if not plan.pending:
        return plan
    folder = plan.build.folder
    made: list[Path] = []
    try:
        made += (one for one in (folder, *folder.parents) if not one.exists())
        folder.mkdir(parents=True, exist_ok=True)
        with exclusive(folder):
            recover(folder)
            return _apply_current(plan)
    except OSError as problem:
        for one in made:
            with suppress(OSError):
                one.rmdir()
        return (environment(problem, folder),)


class _Stale(Exception):
    """The plan is about files that look different by now."""


def _apply_current(plan: BuildPlan) -> BuildPlan | tuple[Diagnostic, ...]:
    for _ in range(_ATTEMPTS):
        try:
            _commit(plan)
        except _Stale:
            again = survey(plan.build)
            if not isinstance(again, BuildPlan) or not again.pending:
                return again
            plan = again
        else:
            return plan
    busy = os.strerror(errno.EBUSY)
    raise OSError(errno.EBUSY, busy, str(plan.build.folder))


def _commit(plan: BuildPlan) -> None:
    try:
        _commit_as(plan, as_folder=True)
    except Unsupported:
        recover(plan.build.folder)
        _commit_as(plan, as_folder=False)


def _commit_as(plan: BuildPlan, as_folder: bool) -> None:
    folder = plan.build.folder
    try:
        (folder / STAGING).mkdir()
        note = stage(folder, plan.pending, as_folder)
        if not plan.holds():
            raise _Stale
        journal.set_ready(folder, True)
        complete(folder, note)
    except BaseException:
        _take_back(folder)
        raise
    # The output is the new one; what cannot be removed now, the next build removes.
    with suppress(OSError):
        sweep(folder, note)


def _take_back(folder: Path) -> None:
    """Undo what was done; what fails here is left to `recover`, the journal says how."""
    with suppress(OSError):
        journal.set_ready(folder, False)
        found = journal.read(folder)
        if found is not None:
            undo(folder, found[0])
        recover(folder)
