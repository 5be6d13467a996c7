"""Recognises files of older releases by their shape, to say so in one diagnostic."""

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.source.document import Mapping, Node, Scalar, Sequence

# Keys at the top of files from before there were pipelines.
_BEFORE_PIPELINES = (
    "fetchers",
    "data_preparers",
    "ai_inference_services",
    "modifiers",
    "attribute_predictors",
    "predictors",
    "hf_model",
)
_OLDER_ORCHESTRATOR = ("pipelines", "steps", "use", "params")
_OLDER_RUNNER = ("run_every_milli_seconds", "run", "on", "pipe_name", "params")


def refuse_older(root: Node) -> Diagnostic | None:
    """The diagnostic for a file in an older form; None for one in today's, or in none."""
    if not isinstance(root, Mapping):
        return None
    body = root.get("open_ticket_ai")
    if not isinstance(body, Mapping):
        body = root
    found = _older_key(body)
    if found is None:
        return None
    key, reason = found
    return error(
        "OTC208",
        "this is a configuration of an older release of Open Ticket AI",
        key.span,
        reason,
        help="this version of otac reads `orchestrator.runners` with a `pipe_id`, a "
        "`pipe` and an `interval_seconds` each",
    )


def _older_key(body: Mapping) -> tuple[Scalar, str] | None:
    for name in _BEFORE_PIPELINES:
        if name in body.entries and "orchestrator" not in body.entries:
            return body.entries[name].key, "from before there were pipelines"
    entry = body.entries.get("orchestrator")
    if entry is None:
        return None
    if isinstance(entry.value, Sequence):
        return entry.key, "the list of runners stands directly under it"
    if not isinstance(entry.value, Mapping):
        return None
    orchestrator = entry.value
    runners = orchestrator.get("runners")
    if isinstance(runners, Sequence):
        for runner in runners.items:
            if not isinstance(runner, Mapping) or "pipe_id" in runner.entries:
                continue
            for name in _OLDER_RUNNER:
                if name in runner.entries:
                    return runner.entries[name].key, "runners had this key then"
    elif runners is None:
        for name in _OLDER_ORCHESTRATOR:
            if name in orchestrator.entries:
                key = orchestrator.entries[name].key
                return key, "the orchestrator had this key then"
    return None
