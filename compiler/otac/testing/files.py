"""Which files have tests."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from otac.plain_file import read_file
from otac.source.document import Mapping, Node
from otac.source.source_text import SourceText

FOLDER = "tests"
"""Where the tests of a configuration are, beside it."""

_SUFFIXES = (".yml", ".yaml")
# A file is read as YAML only if this says that it may have the key at its root.
_ROOT_KEY = re.compile(r"""^(?:\{[ ]*)?["']?tests["']?[ \t]*:""", re.MULTILINE)


def may_have_tests(text: str) -> bool:
    """Whether this is a text with a root key `tests`, as far as one sees."""
    return _ROOT_KEY.search(text) is not None


def has_tests(path: Path) -> bool:
    """The same for a file. Raises OSError."""
    return may_have_tests(SourceText.decode(path.name, read_file(path)).text)


def is_file_of_tests(text: str, root: Node | None) -> bool:
    """Whether a text, of which the tree may not be known, has tests and nothing else.

    A job of a CI may be called `tests`, too.
    """
    if not may_have_tests(text):
        return False
    if not isinstance(root, Mapping):
        return root is None
    others = (key for key in root.entries if key not in ("tests", "$schema"))
    return not isinstance(root.get("tests"), Mapping) and all(
        key.startswith("x-") for key in others
    )


def files_with_tests(folder: Path) -> Iterator[Path]:
    """The files under a folder that have tests, by name; hidden folders are left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith((".", "__")))
        for name in sorted(names):
            path = Path(place) / name
            if path.suffix in _SUFFIXES and _has_tests(path):
                yield path


def _has_tests(path: Path) -> bool:
    try:
        return has_tests(path)
    except OSError:
        # What is not named by anybody need not be readable.
        return False
