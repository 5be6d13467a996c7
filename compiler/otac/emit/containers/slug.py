"""Names for images, services and objects of a cluster, made from the user's."""

import re
from collections.abc import Iterable

_OTHER = re.compile(r"[^a-z0-9]+")
# A name of Kubernetes has at most 63 characters, and `PROJECT-worker-POOL` is one.
_LONGEST = 24


def slug(text: str, otherwise: str) -> str:
    """Small letters, digits and single dashes; `otherwise` where nothing is left."""
    return _OTHER.sub("-", text.lower())[:_LONGEST].strip("-") or otherwise


def slugs(texts: Iterable[str], otherwise: str) -> dict[str, str]:
    """A slug of its own for each text, in the order of the texts."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for text in texts:
        if text in given:
            continue
        name = first = slug(text, otherwise)
        number = 2
        while name in taken:
            name = f"{first}-{number}"
            number += 1
        given[text] = name
        taken.add(name)
    return given
