"""Which form a document has, by its shape."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.diagnostics.edit import Proposal
from otac.diagnostics.question import Choice, Question
from otac.diagnostics.suggest import misspelt, nearest
from otac.dialects.dialect import Dialect, Form
from otac.dialects.nodes import dropping
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

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
_EVERY = "run_every_milli_seconds"
_RUNNER_KEYS = {
    "pipe_id": Form.TODAY,
    "interval_seconds": Form.TODAY,
    "run_every_milli_seconds": Form.D,
    "run": Form.E,
    "on": Form.E,
}
# Keys of runners in more than one form.
_SHARED = frozenset(("id", "params", "parameters", "pipe", "triggers"))
_ORCHESTRATOR_KEYS = {
    "pipelines": Form.P,
    "steps": Form.F,
    "use": Form.F,
    "params": Form.F,
}
# Keys of `defaults` that today's form does not have.
_DEFAULTS = frozenset(("retry", "timeout", "concurrency", "pipe_defaults"))
# Keys of the body that today's form does not have.
_OLDER_BODY = ("defs", "general_config", "imports")


class _Sign(NamedTuple):
    form: Form
    key: Scalar
    reason: str


def recognise(root: Node) -> Dialect | Diagnostic:
    """The form of a document, or why it has none that can be read."""
    if not isinstance(root, Mapping):
        return Dialect(Form.TODAY, None, "it is no mapping")
    body = body_of(root)
    question = _two_in_one(body)
    if question is not None:
        return question
    routing = list(_routing(body))
    if routing:
        first = routing[0]
        both = (*routing, *_later_runners(body))
        other = next((sign for sign in both if sign.form is not first.form), None)
        return Dialect(*first) if other is None else _between(first, other)
    before = _before_pipelines(body)
    if before is not None:
        return before
    signs = list(_signs(body))
    if not signs:
        return Dialect(Form.TODAY, None, "nothing in it speaks of an older form")
    first = signs[0]
    other = next((sign for sign in signs if sign.form is not first.form), None)
    if other is not None:
        return _between(first, other)
    return Dialect(*first)


def body_of(root: Mapping) -> Mapping:
    """The mapping that holds the configuration."""
    body = root.get("open_ticket_ai")
    return body if isinstance(body, Mapping) else root


def _signs(body: Mapping) -> Iterator[_Sign]:
    entry = body.entries.get("orchestrator")
    if entry is None:
        yield from _signs_of_body(body, Form.C)
    elif isinstance(entry.value, Sequence):
        yield _Sign(Form.C, entry.key, "runners stand directly under `orchestrator`")
        for runner in entry.value.items:
            # Form D has the keys that a runner has here.
            of_runner = _signs_of_runner(runner) if isinstance(runner, Mapping) else ()
            yield from (sign for sign in of_runner if sign.form is not Form.D)
    elif isinstance(entry.value, Mapping):
        found = False
        for sign in _signs_of_orchestrator(entry.value):
            found = True
            yield sign
        if not found:
            misspelt = next(_misspelt(entry.value, ("runners",)), None)
            has_runners = "runners" in entry.value.entries or misspelt is not None
            yield from _signs_of_body(body, Form.D if has_runners else Form.P)
    else:
        yield from _signs_of_body(body, Form.P)


def _signs_of_body(body: Mapping, form: Form) -> Iterator[_Sign]:
    for name in _OLDER_BODY:
        if name in body.entries:
            key = body.entries[name].key
            yield _Sign(form, key, f"today's form has no `{name}`")
            return


def _signs_of_orchestrator(orchestrator: Mapping) -> Iterator[_Sign]:
    for name, form in _ORCHESTRATOR_KEYS.items():
        entry = orchestrator.entries.get(name)
        if entry is not None:
            yield _Sign(form, entry.key, f"`orchestrator` has `{name}`")
    defaults = orchestrator.get("defaults")
    for entry in defaults if isinstance(defaults, Mapping) else ():
        # `retry: 3` is a slip in today's form; there it is a mapping.
        is_slip = entry.key.text == "retry" and not isinstance(entry.value, Mapping)
        if entry.key.text in _DEFAULTS and not is_slip:
            yield _Sign(Form.E, entry.key, f"`defaults` has `{entry.key.text}`")
    runners = orchestrator.entries.get("runners")
    if runners is None:
        runners = next(_misspelt(orchestrator, ("runners",)), None)
        for entry in _misspelt(orchestrator, _ORCHESTRATOR_KEYS):
            meant = nearest(entry.key.text, _ORCHESTRATOR_KEYS)
            if meant is not None and not isinstance(entry.value, Scalar):
                reason = f"`{entry.key.text}` is probably `{meant}`"
                yield _Sign(_ORCHESTRATOR_KEYS[meant], entry.key, reason)
    if runners is None or not isinstance(runners.value, Sequence):
        return
    for runner in runners.value.items:
        if isinstance(runner, Mapping):
            yield from _signs_of_runner(runner)


def _misspelt(node: Mapping, names: Iterable[str]) -> Iterator[Entry]:
    """Entries whose keys are nearly some names."""
    known = tuple(names)
    for entry in node:
        is_known = entry.key.text in known
        if not is_known and nearest(entry.key.text, known) is not None:
            yield entry


def _signs_of_runner(runner: Mapping) -> Iterator[_Sign]:
    found = False
    for name, entry in runner.entries.items():
        form = _RUNNER_KEYS.get(name) or _form_of_triggers(name, entry.value)
        if form is not None:
            found = True
            yield _Sign(form, entry.key, f"a runner has `{name}`")
    if found:
        return
    for name, entry in runner.entries.items():
        # `every` and `interval` are words of other tools, and of no form.
        similar = None if name in _SHARED else misspelt(name, _RUNNER_KEYS)
        if similar is not None and similar != "on":
            form = _RUNNER_KEYS[similar]
            yield _Sign(form, entry.key, f"`{name}` is probably `{similar}`")
            return


def _form_of_triggers(name: str, value: Node) -> Form | None:
    """`triggers` with `use` are schedules; today's are Prefect's."""
    if name != "triggers" or not isinstance(value, Sequence):
        return None
    are_schedules = any(
        isinstance(item, Mapping) and "use" in item.entries for item in value.items
    )
    return Form.D if are_schedules else None


def _before_pipelines(body: Mapping) -> Diagnostic | None:
    for name in _BEFORE_PIPELINES:
        if name in body.entries:
            return _refusal(body.entries[name].key, f"`{name}` stood here then")
    orchestrator = body.get("orchestrator")
    if isinstance(orchestrator, Mapping):
        every = orchestrator.entries.get(_EVERY)
        if every is not None:
            return _refusal(every.key, "one time for all pipelines")
    return None


def _routing(body: Mapping) -> Iterator[_Sign]:
    """Signs of the forms that route one queue and say nothing else."""
    steps = next(_of_steps(body), None)
    wired = _wired(body) if steps is None else steps
    if wired is not None:
        yield wired
        return
    grouped = next((name for name in _GROUPS if name in body.entries), None)
    if grouped is not None:
        key = body.entries[grouped].key
        yield _Sign(Form.GROUPED_MODELS, key, f"`{grouped}` stands here")
    if any(name in body.entries for name in _NOT_FLAT):
        return
    flat = next((name for name in _FLAT if name in body.entries), None)
    if flat is not None:
        yield _Sign(_FLAT[flat], body.entries[flat].key, f"`{flat}` stands here")
    pipes = body.entries.get("pipes")
    if pipes is not None and isinstance(pipes.value, Mapping):
        named = _NAMED_PIPES.intersection(pipes.value.entries)
        if named:
            reason = "`pipes` is a mapping of their names"
            yield _Sign(Form.NAMED_PIPES, pipes.key, reason)


def _later_runners(body: Mapping) -> Iterator[_Sign]:
    """Signs of runners as later forms have them, in a file of an earlier one."""
    orchestrator = body.entries.get("orchestrator")
    if orchestrator is None:
        return
    if isinstance(orchestrator.value, Sequence):
        yield from _signs(body)
    elif isinstance(orchestrator.value, Mapping):
        signs = _signs_of_orchestrator(orchestrator.value)
        yield from (sign for sign in signs if sign.form is not Form.D)


def _of_steps(body: Mapping) -> Iterator[_Sign]:
    """Signs of pipelines of steps and of pipes by definitions."""
    pipelines = body.entries.get("pipelines")
    items = pipelines.value if pipelines is not None else None
    for one in items.items if isinstance(items, Sequence) else ():
        if (
            isinstance(one, Mapping)
            and "steps" in one.entries
            and pipelines is not None
        ):
            yield _Sign(Form.PIPELINE_STEPS, pipelines.key, "a pipeline has `steps`")
    for around in (body.get("defs"), body):
        if isinstance(around, Mapping) and "pipe_definitions" in around.entries:
            key = around.entries["pipe_definitions"].key
            yield _Sign(Form.DEFINED_PIPES, key, "pipes were defined here then")
    orchestrator = body.get("orchestrator")
    runners = orchestrator.get("runners") if isinstance(orchestrator, Mapping) else None
    for runner in runners.items if isinstance(runners, Sequence) else ():
        if isinstance(runner, Mapping) and _is_a_pipe(runner):
            key = runner.entries[_EVERY].key
            yield _Sign(Form.DEFINED_PIPES, key, "a runner was a pipe then")


def _wired(body: Mapping) -> _Sign | None:
    """A sign of parts with ids, and what names them."""
    parts = body.entries.get("modifiers") or body.entries.get("pipes")
    naming = body.entries.get("attribute_predictors") or body.entries.get("pipelines")
    if parts is None or naming is None or not isinstance(naming.value, Sequence):
        return None
    if not isinstance(parts.value, Sequence):
        return None
    return _Sign(Form.WIRED_PARTS, naming.key, f"`{naming.key.text}` names parts by id")


def _two_in_one(body: Mapping) -> Diagnostic | None:
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
        Choice("parts", f"those that `{wired.key.text}` names", _dropped(flat)),
        Choice("models", f"`{other.text}` and its like", _dropped(parts)),
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


def _between(first: _Sign, other: _Sign) -> Diagnostic:
    return error(
        "OTC211",
        "this file is written in two forms at once",
        other.key.span,
        f"{other.reason}: {other.form.value}",
        labels=(Label(first.key.span, f"{first.reason}: {first.form.value}"),),
        help="write all of it in one form",
    )
