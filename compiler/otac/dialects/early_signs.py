"""Signs of the forms from before 1.0, which route one queue or name parts that do."""

from collections.abc import Iterator
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.diagnostics.edit import Proposal
from otac.diagnostics.question import PossibleAnswer, Question
from otac.dialects.dialect import Form
from otac.dialects.nodes import dropping
from otac.source.document import Entry, Mapping, Scalar, Sequence

_EVERY = "run_every_milli_seconds"
# Keys at the top of files from before there were pipelines.
_BEFORE_PIPELINES = (
    "fetchers",
    "data_preparers",
    "ai_inference_services",
    "modifiers",
    "attribute_predictors",
    "predictors",
    "hf_model",
    "pipe_defs",
    "service_interfaces",
    "system",
)
# Keys of the flat forms: a queue, and what decides where its tickets go.
_FLAT = {
    "hf_model": Form.ONE_MODEL,
    "hf_model_queue": Form.TWO_MODELS,
    "hf_model_priority": Form.TWO_MODELS,
    "filter_by_queue": Form.ONE_MODEL,
}
_NAMED_PIPES = frozenset(
    (
        "ticket_fetcher",
        "subject_body_preparer",
        "queue_ai_model",
        "queue_mapper",
        "queue_low_confidence_handler",
        "queue_updater",
        "queue_note_adder",
        "priority_ai_model",
        "priority_mapper",
        "priority_low_confidence_handler",
        "priority_updater",
        "priority_note_adder",
    )
)
# What no file of these forms has: they were all there was.
_NOT_FLAT = ("fetchers", "data_preparers", "modifiers", "predictors", "pipelines")
_GROUPS = (
    "ticket_filter",
    "queue_inference_model",
    "priority_inference_model",
    "queue_modifier",
    "priority_modifier",
)
_WITHOUT_PARTS = (
    *_GROUPS,
    "filter_by_queue",
    "hf_model",
    "hf_model_queue",
    "run_every_milli_seconds",
)
_PARTS = (
    "orchestrator",
    "defs",
    "services",
    "service_interfaces",
    "pipe_defs",
    "pipe_definitions",
    "fetchers",
    "data_preparers",
    "models",
    "ai_inference_services",
    "modifiers",
    "attribute_predictors",
    "pipes",
    "pipelines",
)


class Sign(NamedTuple):
    form: Form
    key: Scalar
    reason: str


def before_pipelines(body: Mapping) -> Diagnostic | None:
    for name in _BEFORE_PIPELINES:
        if name in body.entries:
            return _refusal(body.entries[name].key, f"`{name}` stood here then")
    orchestrator = body.get("orchestrator")
    if isinstance(orchestrator, Mapping):
        every = orchestrator.entries.get(_EVERY)
        if every is not None:
            return _refusal(every.key, "one time for all pipelines")
    return None


def routing_signs(body: Mapping) -> Iterator[Sign]:
    """Signs of the forms that route one queue and say nothing else."""
    steps = next(_of_steps(body), None)
    wired = _wired(body) if steps is None else steps
    if wired is not None:
        yield wired
        return
    grouped = next((name for name in _GROUPS if name in body.entries), None)
    if grouped is not None:
        key = body.entries[grouped].key
        yield Sign(Form.GROUPED_MODELS, key, f"`{grouped}` stands here")
    if any(name in body.entries for name in _NOT_FLAT):
        return
    flat = next((name for name in _FLAT if name in body.entries), None)
    if flat is not None:
        yield Sign(_FLAT[flat], body.entries[flat].key, f"`{flat}` stands here")
    pipes = body.entries.get("pipes")
    if pipes is not None and isinstance(pipes.value, Mapping):
        named = _NAMED_PIPES.intersection(pipes.value.entries)
        if named:
            reason = "`pipes` is a mapping of their names"
            yield Sign(Form.NAMED_PIPES, pipes.key, reason)


def _of_steps(body: Mapping) -> Iterator[Sign]:
    """Signs of pipelines of steps and of pipes by definitions."""
    pipelines = body.entries.get("pipelines")
    items = pipelines.value if pipelines is not None else None
    for one in items.items if isinstance(items, Sequence) else ():
        if (
            isinstance(one, Mapping)
            and "steps" in one.entries
            and pipelines is not None
        ):
            yield Sign(Form.PIPELINE_STEPS, pipelines.key, "a pipeline has `steps`")
    for around in (body.get("defs"), body):
        if isinstance(around, Mapping) and "pipe_definitions" in around.entries:
            key = around.entries["pipe_definitions"].key
            yield Sign(Form.DEFINED_PIPES, key, "pipes were defined here then")
    orchestrator = body.get("orchestrator")
    runners = orchestrator.get("runners") if isinstance(orchestrator, Mapping) else None
    for runner in runners.items if isinstance(runners, Sequence) else ():
        if isinstance(runner, Mapping) and _is_a_pipe(runner):
            key = runner.entries[_EVERY].key
            yield Sign(Form.DEFINED_PIPES, key, "a runner was a pipe then")


def _wired(body: Mapping) -> Sign | None:
    """A sign of parts with ids, and what names them."""
    parts = body.entries.get("modifiers") or body.entries.get("pipes")
    naming = body.entries.get("attribute_predictors") or body.entries.get("pipelines")
    if parts is None or naming is None or not isinstance(naming.value, Sequence):
        return None
    if not isinstance(parts.value, Sequence):
        return None
    return Sign(Form.WIRED_PARTS, naming.key, f"`{naming.key.text}` names parts by id")


def two_in_one(body: Mapping) -> Diagnostic | None:
    """Parts wired by their ids, and beside them what routes without any."""
    wired = next(_of_steps(body), None) or _wired(body)
    other = next(
        (body.entries[n].key for n in _WITHOUT_PARTS if n in body.entries), None
    )
    if wired is None or other is None:
        return None
    flat = [body.entries[n] for n in _WITHOUT_PARTS if n in body.entries]
    parts = [body.entries[n] for n in _PARTS if n in body.entries]
    choices = (
        PossibleAnswer("parts", f"those that `{wired.key.text}` names", _dropped(flat)),
        PossibleAnswer("models", f"`{other.text}` and its like", _dropped(parts)),
    )
    return error(
        "OTC216",
        "two configurations in one file",
        other.span,
        f"`{other.text}` and its like say what to do without naming parts",
        help=f"which of them is meant? to keep the parts, remove `{other.text}` and its "
        f"like; to keep those, remove `{wired.key.text}` and the parts",
        labels=(Label(wired.key.span, f"{wired.reason}, and says it too"),),
        question=Question("configuration", choices, "models"),
    )


def _dropped(entries: list[Entry]) -> tuple[Proposal, ...]:
    return tuple(one for each in entries for one in dropping(each, "").makes)


def _is_a_pipe(runner: Mapping) -> bool:
    keys = runner.entries.keys()
    return (
        _EVERY in keys and "pipe" not in keys and not keys.isdisjoint(("use", "steps"))
    )


def _refusal(key: Scalar, reason: str) -> Diagnostic:
    return error(
        "OTC208",
        "this is a configuration from before Open Ticket AI 1.0",
        key.span,
        reason,
        help="no release after September 2025 read it; write `services` and "
        "`orchestrator.runners`, each with a `pipe_id`, a `pipe` and an "
        "`interval_seconds`: `otac init --from otobo` shows how",
    )
