"""September and October 2025: `run_every_milli_seconds`, and flat parameters.

A failed step does not stop its list, a missing result is none, a pipe inherits what the
composite around it has, and `env` holds only variables with a prefix.
"""

from typing import cast

from otac.dialects.dialect import Spelling
from otac.dialects.nodes import Entries, added, made
from otac.dialects.rewriting import Words
from otac.dialects.translation import Translators
from otac.dialects.triggers import interval
from otac.source.document import Document, Mapping, Scalar, Sequence

SPELLING = Spelling(
    Words(at_path="nest_at", missing_is_none=True),
    flat=True,
    inherits=True,
    tickets_are_value=True,
)
ENVIRONMENT_PREFIX = "OTAI_"


def translate(
    document: Document, orchestrator: Sequence, translation: Translators
) -> Mapping:
    """The canonical tree of a document in this form."""
    for item in orchestrator.items:
        runner(cast(Mapping, item), translation)
    return finished(document, translation)


def runner(node: Mapping, translation: Translators) -> None:
    """Add one runner: `run_every_milli_seconds` or, later, `triggers`."""
    pipe = cast(Mapping, node.get("pipe"))
    name = node.entries.get("id") or pipe.entries.get("id")
    schedules = translation.triggers.schedules(node.get("triggers"))
    every = node.entries.get("run_every_milli_seconds")
    if every is not None:
        value = cast(Scalar, every.value)
        schedules = interval(cast(float, value.value) / 1000, every.key, value)
    translation.runner(node, name, translation.pipes.root(pipe), schedules)


def finished(document: Document, translation: Translators) -> Mapping:
    """The tree, with what holds for every runner of this form."""
    return translation.document(document, _defaults(document), ENVIRONMENT_PREFIX)


def _defaults(document: Document) -> Entries:
    value = made("fail_at_end", document.root)
    return added("on_error", value, document.root)
