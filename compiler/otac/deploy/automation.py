"""Automations as Prefect's API has them, in a form in which equal means equal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from otac.config.duration import seconds
from otac.emit.automations import SHORTEST_WAIT, AutomationEntry
from otac.source.document import Json

# Of a deployment's trigger, what is about the automation or about its action.
_ABOUT = ("name", "description", "enabled", "parameters", "job_variables")
# How `prefect deploy` calls the one for a trigger without a name, before its number.
_UNNAMED = "__automation_"
_METRIC_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Automation:
    """One automation, to be had by a resource such as `prefect.deployment.ID`.

    The deployment that it starts may not exist yet: then its id is missing in the
    action, and so is the resource's.
    """

    name: str
    description: str
    enabled: bool
    trigger: dict[str, Json]
    action: dict[str, Json]

    def body(self, owner: str) -> dict[str, Json]:
        """What the API is told."""
        return {
            "name": self.name,
            "description": self.description,
            "enabled": self.enabled,
            "trigger": self.trigger,
            "actions": [self.action],
            "owner_resource": owner,
        }

    def normal(self) -> dict[str, Json]:
        """For comparison with `observed`."""
        return _normal({**self.body(""), "actions": [self.action]})


def starting(
    runner: str, number: int, spec: Mapping[str, Any], deployment: str | None
) -> Automation:
    """The automation for a trigger of a deployment, as `prefect deploy` would make it."""
    trigger = {key: value for key, value in spec.items() if key not in _ABOUT}
    after = trigger.pop("schedule_after", 0)
    return Automation(
        name=spec.get("name") or f"{runner}{_UNNAMED}{number}",
        description=spec.get("description") or "",
        enabled=spec.get("enabled", True),
        trigger=_complete(trigger),
        action={
            "type": "run-deployment",
            "source": "selected",
            "deployment_id": deployment,
            "parameters": spec.get("parameters"),
            "job_variables": spec.get("job_variables"),
            "schedule_after": _seconds(after),
        },
    )


def is_unnamed(runner: str, name: str) -> bool:
    """Whether an automation has the name of one for a trigger without a name."""
    return name.startswith(f"{runner}{_UNNAMED}")


def telling(notice: AutomationEntry) -> Automation:
    """The automation that sends a notification."""
    return Automation(
        notice.name, notice.description, True, notice.trigger(), notice.action()
    )


def observed(found: Mapping[str, Any]) -> dict[str, Json]:
    """What the server describes, for comparison with `Automation.normal`."""
    return _normal(found)


def started_deployments(found: Mapping[str, Any]) -> set[str]:
    """The ids of the deployments that an automation starts."""
    return {
        str(action["deployment_id"])
        for action in found.get("actions", ())
        if action.get("type") == "run-deployment" and action.get("deployment_id")
    }


def _normal(automation: Mapping[str, Any]) -> dict[str, Json]:
    return {
        "name": automation["name"],
        "description": automation["description"],
        "enabled": automation["enabled"],
        "trigger": _trigger(automation["trigger"]),
        "actions": [_action(action) for action in automation["actions"]],
    }


def _complete(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """The trigger with everything that may be left out of `prefect.yaml`.

    Prefect's client fills that in before it asks the server, which knows no defaults.
    """
    kind = _type(trigger)
    within = _seconds(trigger.get("within"))
    if kind in ("compound", "sequence"):
        inner = [_complete(one) for one in trigger.get("triggers", ())]
        return {**trigger, "type": kind, "triggers": inner, "within": within}
    resources = {"match": {}, "match_related": {}, **trigger, "type": kind}
    if kind == "metric":
        metric = {**trigger["metric"]}
        for name in ("range", "firing_for"):
            metric[name] = _seconds(metric.get(name, _METRIC_SECONDS))
        return {**resources, "posture": "Metric", "metric": metric}
    posture = trigger.get("posture", "Reactive")
    return {
        **resources,
        **{name: _set(trigger, name) for name in ("after", "expect", "for_each")},
        "posture": posture,
        "threshold": trigger.get("threshold", 1),
        "within": within or (float(SHORTEST_WAIT) if posture == "Proactive" else 0.0),
    }


def _trigger(trigger: Mapping[str, Any]) -> Json:
    """What it comes down to: no ids, one spelling."""
    complete = _complete(trigger)
    inner: list[Json] = [_trigger(one) for one in complete.get("triggers", ())]
    match complete["type"]:
        case "compound" | "sequence" as kind:
            rest = {"within": complete["within"], "require": complete.get("require")}
            return {"type": kind, "triggers": inner, **rest}
        case "metric":
            metric = complete["metric"]
            threshold = float(metric["threshold"])
            about = {"metric": {**metric, "threshold": threshold}}
        case _:
            names = ("after", "expect", "for_each", "posture", "threshold", "within")
            about = {name: complete[name] for name in names}
    return {
        "type": complete["type"],
        "match": _resource(complete["match"]),
        "match_related": [_resource(one) for one in _listed(complete["match_related"])],
        **about,
    }


def _type(trigger: Mapping[str, Any]) -> str:
    """As Prefect finds it out where it is not said."""
    if "type" in trigger:
        return str(trigger["type"])
    if trigger.get("posture") == "Metric":
        return "metric"
    if "triggers" in trigger:
        return "compound" if "require" in trigger else "sequence"
    return "event"


def _action(action: Mapping[str, Any]) -> Json:
    if action.get("type") == "change-flow-run-state":
        # Newer servers know more about it.
        return {key: action.get(key) for key in ("type", "name", "state", "message")}
    if action.get("type") != "run-deployment":
        return dict(action)
    return {
        "type": "run-deployment",
        "source": action.get("source", "selected"),
        "deployment_id": action.get("deployment_id"),
        "parameters": action.get("parameters"),
        "job_variables": action.get("job_variables"),
        "schedule_after": _seconds(action.get("schedule_after") or 0),
    }


def _resource(labels: Mapping[str, Any]) -> Json:
    return {
        name: value if isinstance(value, list) else [value]
        for name, value in labels.items()
    }


def _listed(value: Any) -> list[Mapping[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if one]


def _set(trigger: Mapping[str, Any], name: str) -> Json:
    value = trigger.get(name) or ()
    return [*sorted({value} if isinstance(value, str) else set(value))]


def _seconds(value: Any) -> Json:
    """Seconds of what Prefect takes for a duration."""
    match value:
        case None:
            return None
        case timedelta():
            return value.total_seconds()
        case int() | float():
            return float(value)
        case str():
            known = seconds(value)
            if known is not None:
                return known
            hours, *rest = value.split(":")
            if len(rest) == 2 and all(one.isdigit() for one in (hours, rest[0])):
                return int(hours) * 3600 + int(rest[0]) * 60 + float(rest[1])
            return value
        case _:
            return str(value)
