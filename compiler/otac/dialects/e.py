"""1.0: triggers under `on`, the pipe under `run`, parameters under `params`."""

from typing import cast

from otac.dialects.dialect import Spelling
from otac.dialects.nodes import Entries
from otac.dialects.rewriting import Words
from otac.dialects.translation import Translators
from otac.dialects.triggers import is_resident
from otac.source.document import Document, Mapping, Sequence

# `params` and `parent` were the same inside a composite: what was given to it.
SPELLING = Spelling(
    Words(at_path="nest_at", enclosing=("parent", "params")),
    bare_conditions=True,
    tickets_are_value=True,
)
_POLICIES = ("retry", "timeout", "concurrency", "priority")


def translate(
    document: Document, orchestrator: Mapping, translation: Translators
) -> Mapping:
    """The canonical tree of a document in this form."""
    for item in cast(Sequence, orchestrator.get("runners")).items:
        _runner(cast(Mapping, item), translation)
    defaults = orchestrator.get("defaults")
    settings: Entries = {}
    if isinstance(defaults, Mapping):
        pipes = defaults.get("pipe_defaults")
        if isinstance(pipes, Mapping):
            settings |= translation.policies.of_step(_policies(pipes))
        settings |= translation.policies.of_runner(_policies(defaults))
    return translation.document(document, settings)


def _runner(node: Mapping, translation: Translators) -> None:
    run = cast(Mapping, node.get("run"))
    params = node.get("params")
    policies = _policies(node)
    if isinstance(params, Mapping):
        policies = {**policies, **_policies(params)}
    schedules = translation.triggers.schedules(node.get("on"))
    settings = translation.policies.of_runner(policies)
    if is_resident(schedules):
        # There one run waits for the other anyway.
        settings.pop("collision", None)
    translation.runner(
        node,
        node.entries.get("id") or run.entries.get("id"),
        translation.pipes.root(run),
        {**schedules, **settings},
    )


def _policies(node: Mapping) -> Entries:
    return {key: node.entries[key] for key in _POLICIES if key in node.entries}
