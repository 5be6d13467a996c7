"""Names that can stand in an import statement."""

import keyword
import unicodedata


def is_importable(name: str) -> bool:
    """Whether an import statement may name it, and means exactly these characters."""
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and name != "__debug__"
        and unicodedata.normalize("NFKC", name) == name
    )
