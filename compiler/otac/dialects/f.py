"""1.1 to 1.5: the orchestrator and its runners are pipes too.

`fail()` ends a run well, `at_path` gets, a missing result is an error.
"""

from typing import cast

from otac.config.schema import Schema
from otac.config.shape import check_shape
from otac.config.shape_findings import unknown_key
from otac.dialects import names
from otac.dialects.dialect import Spelling
from otac.dialects.findings import Findings
from otac.dialects.nodes import mapping
from otac.dialects.rewriting import Words
from otac.dialects.translation import Translators
from otac.dialects.triggers import seconds_of
from otac.source.document import Entry, Mapping, Scalar, Sequence

SPELLING = Spelling(
    Words(
        at_path="get_at",
        fail_stops=True,
        enclosing=("parent", "params"),
        trims_blocks=True,
    ),
    steps_in_params=True,
)

_PARAMETERS = ("orchestrator_sleep", "exception_sleep", "always_retry", "steps")


def translate(orchestrator: Mapping, translation: Translators, run: Schema) -> None:
    """Add the runners of a document; `run` is the schema of a runner's `params`."""
    use = orchestrator.get("use")
    if isinstance(use, Scalar) and not names.is_orchestrator(use.text):
        name = orchestrator.entries.get("id")
        translation.runner(orchestrator, name, translation.pipes.root(orchestrator), {})
        return
    _check_parameters(orchestrator, translation.found)
    steps = _steps(orchestrator)
    if steps is None:
        return
    if isinstance(steps.value, Mapping):
        translation.found.not_a_list("steps", steps.value.span)
    for node in _listed(steps):
        _runner(node, translation, run)
    _pause(orchestrator, translation.found, translation.shortest_interval)


def _check_parameters(orchestrator: Mapping, found: Findings) -> None:
    """Report what the loop around the runners has no parameter for."""
    params = orchestrator.get("params")
    for entry in params if isinstance(params, Mapping) else ():
        if entry.key.text not in _PARAMETERS:
            title = "`params` of the orchestrator"
            found.report(unknown_key(entry.key, _PARAMETERS, title))


def _runner(node: Mapping, translation: Translators, schema: Schema) -> None:
    use = node.get("use")
    if not isinstance(use, Scalar) or not names.is_runner(use.text):
        name = node.entries.get("id")
        translation.runner(node, name, translation.pipes.root(node), {})
        return
    params = node.get("params")
    if not isinstance(params, Mapping):
        params = mapping({}, node)
    shape = check_shape(params, schema, "the parameters of a runner")
    translation.found.include(shape)
    if not shape.fits:
        return
    for key in ("if", "depends_on"):
        if key in node.entries:
            translation.found.without_counterpart(
                node.entries[key].key,
                "a runner starts by its schedule",
                "write the condition at its steps",
            )
    run = cast(Mapping, params.get("run"))
    translation.runner(
        params,
        node.entries.get("id") or run.entries.get("id"),
        translation.pipes.root(run),
        translation.triggers.schedules(params.get("on")),
    )


def _pause(orchestrator: Mapping, found: Findings, shortest: float | None) -> None:
    """Say where the loop's own pause made runs rarer than their trigger says."""
    params = orchestrator.get("params")
    pause = (
        params.entries.get("orchestrator_sleep")
        if isinstance(params, Mapping)
        else None
    )
    if pause is None or shortest is None:
        return
    seconds = seconds_of(cast(Scalar, pause.value))
    if seconds is not None and seconds > shortest:
        found.without_counterpart(
            pause.key,
            f"a runner starts every {shortest:g} s here, as its trigger says, and not "
            f"every {seconds:g} s",
            "write the longer time as the trigger's `interval`",
        )


def _steps(orchestrator: Mapping) -> Entry | None:
    params = orchestrator.get("params")
    inside = params.entries.get("steps") if isinstance(params, Mapping) else None
    return orchestrator.entries.get("steps") or inside


def _listed(steps: Entry) -> list[Mapping]:
    value = steps.value
    if isinstance(value, Sequence):
        return [item for item in value.items if isinstance(item, Mapping)]
    return [value] if isinstance(value, Mapping) else []
