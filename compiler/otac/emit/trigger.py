"""Prefect event triggers."""

from collections.abc import Sequence

from otac.agreed import tick_flow
from otac.source.document import Json

# Events are named after the state's name, not its type. A run that ended early and well
# is `Stopped`; one that ran out of time is `TimedOut`.
COMPLETED = ("prefect.flow-run.Completed", "prefect.flow-run.Stopped")
FAILED = ("prefect.flow-run.Failed", "prefect.flow-run.TimedOut")
CRASHED = ("prefect.flow-run.Crashed",)
LATE = ("prefect.flow-run.Late",)


def completion_trigger(
    runner: str, after: Sequence[str], resident: frozenset[str] = frozenset()
) -> dict[str, Json]:
    """Starts `runner` when each of the runners in `after` has completed.

    Of several, each must have completed since the last start, in any order and without a
    limit of time. What a runner in `resident` completes is a tick with work.
    """
    name: Json = f"{runner} after {', '.join(after)}"
    completions = [
        _tick_event(upstream)
        if upstream in resident
        else run_event(COMPLETED, [upstream])
        for upstream in after
    ]
    if len(completions) == 1:
        return {"name": name, **completions[0]}
    return {
        "name": name,
        "type": "compound",
        "require": "all",
        "triggers": [*completions],
    }


def _tick_event(runner: str) -> dict[str, Json]:
    """The completion of a tick, whose run belongs to a flow but to no deployment."""
    event = run_event(COMPLETED, [runner])
    related: Json = {
        "prefect.resource.role": "flow",
        "prefect.resource.name": tick_flow(runner),
    }
    return {**event, "match_related": related}


def run_event(events: Sequence[str], runners: Sequence[str]) -> dict[str, Json]:
    """An event trigger: any of the events, of a run of any of the deployments."""
    return {
        "type": "event",
        "posture": "Reactive",
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        "match_related": {
            "prefect.resource.role": "deployment",
            "prefect.resource.name": runners[0] if len(runners) == 1 else [*runners],
        },
        "expect": [*events],
        "threshold": 1,
    }
