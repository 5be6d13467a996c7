"""Which form a document has, by its shape."""

from collections.abc import Iterable, Iterator

from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.diagnostics.suggest import misspelt, nearest
from otac.dialects.dialect import Dialect, Form
from otac.dialects.early_signs import Sign, before_pipelines, routing_signs, two_in_one
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

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


def recognise(root: Node) -> Dialect | Diagnostic:
    """The form of a document, or why it has none that can be read."""
    if not isinstance(root, Mapping):
        return Dialect(Form.TODAY, None, "it is not a mapping")
    body = body_of(root)
    question = two_in_one(body)
    if question is not None:
        return question
    routing = list(routing_signs(body))
    if routing:
        first = routing[0]
        both = (*routing, *_later_runners(body))
        other = next((sign for sign in both if sign.form is not first.form), None)
        return Dialect(*first) if other is None else _between(first, other)
    before = before_pipelines(body)
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


def _signs(body: Mapping) -> Iterator[Sign]:
    entry = body.entries.get("orchestrator")
    if entry is None:
        yield from _signs_of_body(body, Form.C)
    elif isinstance(entry.value, Sequence):
        yield Sign(Form.C, entry.key, "runners stand directly under `orchestrator`")
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


def _signs_of_body(body: Mapping, form: Form) -> Iterator[Sign]:
    for name in _OLDER_BODY:
        if name in body.entries:
            key = body.entries[name].key
            yield Sign(form, key, f"today's form has no `{name}`")
            return


def _signs_of_orchestrator(orchestrator: Mapping) -> Iterator[Sign]:
    for name, form in _ORCHESTRATOR_KEYS.items():
        entry = orchestrator.entries.get(name)
        if entry is not None:
            yield Sign(form, entry.key, f"`orchestrator` has `{name}`")
    defaults = orchestrator.get("defaults")
    for entry in defaults if isinstance(defaults, Mapping) else ():
        # `retry: 3` is a slip in today's form; there it is a mapping.
        is_slip = entry.key.text == "retry" and not isinstance(entry.value, Mapping)
        if entry.key.text in _DEFAULTS and not is_slip:
            yield Sign(Form.E, entry.key, f"`defaults` has `{entry.key.text}`")
    runners = orchestrator.entries.get("runners")
    if runners is None:
        runners = next(_misspelt(orchestrator, ("runners",)), None)
        for entry in _misspelt(orchestrator, _ORCHESTRATOR_KEYS):
            meant = nearest(entry.key.text, _ORCHESTRATOR_KEYS)
            if meant is not None and not isinstance(entry.value, Scalar):
                reason = f"`{entry.key.text}` is probably `{meant}`"
                yield Sign(_ORCHESTRATOR_KEYS[meant], entry.key, reason)
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


def _signs_of_runner(runner: Mapping) -> Iterator[Sign]:
    found = False
    for name, entry in runner.entries.items():
        form = _RUNNER_KEYS.get(name) or _form_of_triggers(name, entry.value)
        if form is not None:
            found = True
            yield Sign(form, entry.key, f"a runner has `{name}`")
    if found:
        return
    for name, entry in runner.entries.items():
        # `every` and `interval` are words of other tools, and of no form.
        similar = None if name in _SHARED else misspelt(name, _RUNNER_KEYS)
        if similar is not None and similar != "on":
            form = _RUNNER_KEYS[similar]
            yield Sign(form, entry.key, f"`{name}` is probably `{similar}`")
            return


def _form_of_triggers(name: str, value: Node) -> Form | None:
    """`triggers` with `use` are schedules; today's are Prefect's."""
    if name != "triggers" or not isinstance(value, Sequence):
        return None
    are_schedules = any(
        isinstance(item, Mapping) and "use" in item.entries for item in value.items
    )
    return Form.D if are_schedules else None


def _later_runners(body: Mapping) -> Iterator[Sign]:
    """Signs of runners as later forms have them, in a file of an earlier one."""
    orchestrator = body.entries.get("orchestrator")
    if orchestrator is None:
        return
    if isinstance(orchestrator.value, Sequence):
        yield from _signs(body)
    elif isinstance(orchestrator.value, Mapping):
        signs = _signs_of_orchestrator(orchestrator.value)
        yield from (sign for sign in signs if sign.form is not Form.D)


def _between(first: Sign, other: Sign) -> Diagnostic:
    return error(
        "OTC211",
        "this file is written in two forms at once",
        other.key.span,
        f"{other.reason}: {other.form.value}",
        labels=(Label(first.key.span, f"{first.reason}: {first.form.value}"),),
        help="write all of it in one form",
    )
