"""Which `build`, `push` and `pull` steps a deployment of `prefect.yaml` has.

The rule is that of `prefect deploy`, and tests ask Prefect for it. Of all other keys, those
at the root count for no deployment.
"""

import re
from collections.abc import Mapping
from typing import Any

from otac.source.document import Json

STEPS = ("build", "push", "pull")
_HEAD = re.compile(r"{{\s*([\w\-]+)[\w.\-\[\]$]*\s*}}")
# An empty step is skipped. An empty list at an entry does not keep the root's `push` away,
# and this does.
_NO_PUSH: list[Json] = [{}]


def steps_of(
    step: str, root: Mapping[str, Any], entry: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The steps of a kind that count for the entry, without empty ones.

    Of `build`, what stands at the entry counts, null and nothing included. Of the others it
    counts unless there is nothing in it. (For an entry's `pull: []`, newer releases say
    that it has none; otac never writes it.) Where no pull step is left, Prefect makes one.
    """
    written = _listed(entry[step] if step in entry else root.get(step))
    if not written and step != "build":
        written = _listed(root.get(step))
    return [one for one in written if one]


def overrides(
    root: Mapping[str, Any], ours: Mapping[str, Any], entry: Mapping[str, Any]
) -> dict[str, Json]:
    """What an entry has to say of its steps so that they are `ours` under this root.

    Build and push steps of others are kept away, unless the entry asks for what one of
    them puts out.
    """
    needed = _mentioned((ours.get("pull"), entry.get("triggers")))
    said: dict[str, Json] = {}
    for step in STEPS:
        if step in entry:
            continue
        if ours.get(step):
            if root.get(step) != ours[step]:
                said[step] = ours[step]
        elif (there := steps_of(step, root, entry)) and not needed & _ids(there):
            said[step] = _NO_PUSH if step == "push" else []
    return said


def _listed(value: Any) -> list[Any]:
    """Newer releases take a single step for a list of it."""
    if isinstance(value, dict):
        return [value] if value else []
    return value if isinstance(value, list) else []


def _ids(steps: list[dict[str, Any]]) -> set[str]:
    return {
        inputs["id"]
        for step in steps
        for inputs in (step.values() if isinstance(step, dict) else ())
        if isinstance(inputs, dict) and isinstance(inputs.get("id"), str)
    }


def _mentioned(value: Any) -> set[str]:
    """The first words of all placeholders in it."""
    match value:
        case str():
            return set(_HEAD.findall(value))
        case Mapping():
            return {word for item in value.values() for word in _mentioned(item)}
        case list() | tuple():
            return {word for item in value for word in _mentioned(item)}
        case _:
            return set()
