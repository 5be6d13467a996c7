"""The automations that keep what Prefect says of runs true, also where a machine was lost.

Prefect's server believes what it was told last: a run whose machine has lost its power is
Running for ever, and takes the place of the next one. What gives it away is that its
signs of life have stopped.
"""

from collections.abc import Iterator, Sequence

from otac.agreed import AGAIN
from otac.deploy.automation import Automation
from otac.lower.project import Project, Runner
from otac.source.document import Json

# As Prefect calls it where somebody asks for it.
_AGAIN_STATE = "AwaitingRetry"
_RETRIED = "crashed runs are tried again"
_GONE = "runs whose process is gone"
_UNSTARTED = "runs that do not start"
# One may get lost, and the next one be late.
_MISSED = 2
_SLACK_SECONDS = 30
# How Prefect calls a run that a worker took, from one step to the next.
_TAKEN = "Pending", "Submitting", "InfrastructurePending"
# After these, no sign of life is due: the states in which a compiled flow ends, and those in
# which its run waits. Running is none of them: Prefect 3.4 gives the first sign
# before it.
_ENDS = (
    *("Completed", "Failed", "Crashed", "Cancelled"),
    *("TimedOut", "Stopped", "Skipped"),
    *("Scheduled", "AwaitingRetry", "Paused", "Suspended"),
)
# Pulling an image and waiting for a node of a cluster may take minutes.
_PENDING_SECONDS = 900
# A crash is told twice, by the process of the run and by the worker, seconds later: that
# must not hit the next attempt.
_SETTLED_SECONDS = 15


def watching(
    project: Project, owner: str, heartbeat_seconds: float | None
) -> Iterator[Automation]:
    """The automations for the runs of a project, which the server knows as `owner`.

    Runs give a sign of life each `heartbeat_seconds`; without that, those whose process is
    gone are not looked for. A run that has crashed is begun again where its runner has
    `flow_retries`.
    """
    runners = project.runners
    # The next window of a resident runner is its next attempt.
    retried = [one for one in runners if one.flow_retries and one.resident is None]
    if retried:
        yield Automation(
            f"{owner}: {_RETRIED}",
            "Schedules a run again that has crashed, as often as its runner's "
            "`flow_retries` say. Made by otac.",
            True,
            _silence(
                retried,
                _events("Crashed"),
                _SETTLED_SECONDS,
                _events("Crashed", "Pending"),
            ),
            _state("SCHEDULED", _AGAIN_STATE, AGAIN),
        )
    if not runners or heartbeat_seconds is None:
        return
    silence = _MISSED * heartbeat_seconds + _SLACK_SECONDS
    yield Automation(
        f"{owner}: {_GONE}",
        "Marks a run as Crashed that has given no sign of life for "
        f"{silence:g} seconds. Made by otac.",
        True,
        _silence(runners, _events("heartbeat"), silence, _events("heartbeat", *_ENDS)),
        _state(
            "CRASHED",
            None,
            f"There was no sign of life for {silence:g} seconds: its process or its "
            "machine is gone.",
        ),
    )
    yield Automation(
        f"{owner}: {_UNSTARTED}",
        "Marks a run as Crashed that a worker took and that did not start within "
        f"{_PENDING_SECONDS} seconds. Made by otac.",
        True,
        _silence(runners, _events(*_TAKEN), _PENDING_SECONDS, _events("*")),
        _state(
            "CRASHED",
            None,
            f"It did not start within {_PENDING_SECONDS} seconds: the worker that took "
            "it is gone.",
        ),
    )


def needs_heartbeat(name: str) -> bool:
    """Whether an automation of this name is made only where signs of life are known of."""
    return name.endswith((f": {_GONE}", f": {_UNSTARTED}"))


def _events(*names: str) -> list[Json]:
    return [f"prefect.flow-run.{name}" for name in names]


def _silence(
    runners: Sequence[Runner], last: list[Json], seconds: float, next: list[Json]
) -> dict[str, Json]:
    """For so long after a `last` event of a run, there is no `next` one."""
    return {
        **_of(runners),
        "posture": "Proactive",
        "after": last,
        "expect": next,
        "for_each": ["prefect.resource.id"],
        "threshold": 1,
        "within": seconds,
    }


def _of(runners: Sequence[Runner]) -> dict[str, Json]:
    """Events of their runs. A sign of life names a deployment by its id alone, which is
    not known before there is one; but it has the tags."""
    tags: list[Json] = [f"prefect.tag.{one.id}" for one in runners]
    return {
        "type": "event",
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        "match_related": {"prefect.resource.id": tags, "prefect.resource.role": "tag"},
    }


def _state(kind: str, name: str | None, message: str) -> dict[str, Json]:
    return {
        "type": "change-flow-run-state",
        "name": name,
        "state": kind,
        "message": message,
    }
