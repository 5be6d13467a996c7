"""A plan for people, and for programs."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from otac.address import without_login
from otac.cli.comparison import Comparison
from otac.deploy.difference import Difference
from otac.deploy.plan import (
    Action,
    AutomationChange,
    BlockChange,
    Change,
    DeploymentChange,
    Plan,
    PoolChange,
)
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.frame import Ink, paint, visible
from otac.diagnostics.json_format import render as render_json

_SIGNS = {
    Action.CREATE: ("+", Ink.NOTE),
    Action.CHANGE: ("~", Ink.WARNING),
    Action.DRIFTED: ("!", Ink.WARNING),
    Action.IN_STEP: ("=", Ink.PLAIN),
    Action.ORPHANED: ("?", Ink.ERROR),
    Action.REMOVE: ("-", Ink.ERROR),
}
_WORDS = {
    Action.CREATE: "create",
    Action.CHANGE: "change",
    Action.DRIFTED: "drifted: changed on the server since otac deployed it",
    Action.IN_STEP: "in step",
    Action.ORPHANED: "orphaned: otac made it, and the configuration no longer has it",
    Action.REMOVE: "remove",
}
_COUNTED = {
    Action.CREATE: "to create",
    Action.CHANGE: "to change",
    Action.DRIFTED: "drifted",
    Action.REMOVE: "to remove",
    Action.ORPHANED: "orphaned",
    Action.IN_STEP: "in step",
}
_LONGEST = 60


def render_text(compared: Comparison, *, color: bool, everything: bool) -> str:
    """The plan as lines; what is in step only with `everything`."""
    changes = compared.plan.changes if everything else compared.plan.pending
    server = f"{without_login(compared.api.url)} (from {visible(compared.source)})"
    lines = [f"{server}, project `{visible(compared.plan.owner)}`", ""]
    for change in changes:
        lines += _lines(change, color=color)
    if changes:
        lines.append("")
    lines.append(summary(compared.plan.changes))
    return "\n".join(lines) + "\n"


def summary(changes: Sequence[Change]) -> str:
    """`1 to create, 9 in step`."""
    counts = Counter(change.action for change in changes)
    parts = [f"{counts[a]} {words}" for a, words in _COUNTED.items() if counts[a]]
    return ", ".join(parts) or "nothing is declared"


def line(change: Change, *, color: bool) -> str:
    """`+ deployment ticket_processor: create`."""
    sign, ink = _SIGNS[change.action]
    name = visible(change.name)
    word = _WORDS[change.action]
    return f"{paint(sign, ink, color)} {resource(change)} {name}: {word}"


def _lines(change: Change, *, color: bool) -> Iterator[str]:
    yield f"  {line(change, color=color)}"
    for place in change.differences:
        hand = " (by hand)" if place.by_hand else ""
        yield f"      {visible(place.field)}: {_values(place)}{hand}"


def _values(place: Difference) -> str:
    before, after = _value(place.before), _value(place.after)
    return "changed" if before == after else f"{before} -> {after}"


def _value(value: object) -> str:
    """What has parts is shown whole: without one of them it says something else."""
    text = "none" if value is None else json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 3]}..."
    return visible(text)


def resource(change: Change) -> str:
    """What kind of thing changes."""
    match change:
        case PoolChange():
            return "work pool"
        case BlockChange():
            return "block"
        case DeploymentChange():
            return "deployment"
        case AutomationChange():
            return "automation"


def render_plan_json(
    compared: Comparison, found: tuple[Diagnostic, ...], *, applied: bool
) -> str:
    """The plan as an object; `schemas/plan.schema.json` describes it."""
    counts = Counter(change.action for change in compared.plan.changes)
    content = {
        "server": without_login(compared.api.url),
        "source": compared.source,
        "project": compared.plan.owner,
        "applied": applied,
        "summary": {action.value: counts[action] for action in Action},
        "changes": changes_as_json(compared.plan),
        "diagnostics": json.loads(render_json(compared.report_with(found))),
    }
    return json.dumps(content, indent=2) + "\n"


def changes_as_json(plan: Plan) -> list[dict[str, object]]:
    """What was compared; credentials in it are hidden."""
    return [
        {
            "resource": resource(change),
            "name": change.name,
            "action": change.action.value,
            "fields": [
                {
                    "field": place.field,
                    "from": place.before,
                    "to": place.after,
                    "by_hand": place.by_hand,
                }
                for place in change.differences
            ],
        }
        for change in plan.changes
    ]
