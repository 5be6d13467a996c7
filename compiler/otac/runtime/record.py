"""How one step ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Success:
    """The step's result; `inner` holds the steps of a composite.

    `attempts` are those of its task; 0 for a composite, a for-each, and a result that an
    earlier run of the same flow run left behind. `task_runs` are the ids of Prefect's task
    runs: one, or those of a for-each's items.
    """

    result: Any
    inner: "Mapping[str, Record] | None" = None
    attempts: int = 0
    task_runs: tuple[UUID, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """`reason` is a sentence that names the step: "step `a` failed: ..."."""

    reason: str
    inner: "Mapping[str, Record] | None" = None
    attempts: int = 0
    task_runs: tuple[UUID, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Skip:
    """The step did not run, or did not get to a result; `reason` says why.

    `stopped` is set for the step that ended the run by it. `condition` is what the step's
    condition came to, true without one; None if nobody came to ask it.
    """

    reason: str
    stopped: bool = False
    condition: bool | None = None


Record: TypeAlias = Success | Failure | Skip


def task_runs(record: Record) -> tuple[UUID, ...]:
    """The ids of the task runs that a step has come to, those inside of it with it."""
    if isinstance(record, Skip):
        return ()
    within = (run for one in (record.inner or {}).values() for run in task_runs(one))
    return (*record.task_runs, *within)
