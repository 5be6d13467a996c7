"""Text -> Document: the only part of the compiler that knows YAML."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otac.diagnostics.diagnostic import Diagnostic
    from otac.source.document import Document

__all__ = ["read"]


def read(name: str, data: bytes) -> "Document | tuple[Diagnostic, ...]":
    """The document in the bytes of a file, or everything that is wrong with it.

    `name` is how messages call the file. No bytes make this function raise.
    """
    # Diagnostics need positions, which are part of this package, and the reader needs
    # diagnostics: importing it here keeps that from being a circle, and keeps the YAML
    # parser away from commands that read no configuration.
    from otac.source import reader

    return reader.read(name, data)
