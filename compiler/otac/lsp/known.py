"""What is known of one text."""

from typing import NamedTuple

from otac.lsp.outline import Outline
from otac.source.document import Document


class Known(NamedTuple):
    """A tree, and the runners and steps in it."""

    document: Document
    outline: Outline
