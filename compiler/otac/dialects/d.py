"""October 2025: runners under `orchestrator.runners`, otherwise as C."""

from typing import cast

from otac.dialects import c
from otac.dialects.translation import Translators
from otac.source.document import Document, Mapping, Sequence

SPELLING = c.SPELLING


def translate(
    document: Document, orchestrator: Mapping, translation: Translators
) -> Mapping:
    """The canonical tree of a document in this form."""
    for item in cast(Sequence, orchestrator.get("runners")).items:
        c.runner(cast(Mapping, item), translation)
    return c.finished(document, translation)
