"""What `prefect deploy` does to data in `prefect.yaml`.

It replaces `{{ dotted.words }}` in every string of a deployment: by an environment
variable, a block, a variable, the output of a build step, or by nothing. There is no
escape, so text that is not meant for Prefect must not look like that. Double braces of any
kind are kept out, not only those of today's regular expression. What JSON cannot say is
lost as well: an infinite number becomes null, half a surrogate pair stops the deployment.
"""

import re
from math import isfinite

from otac.source.document import Json

_OPENING = "{{"
_BRACE_BEFORE_BRACE = re.compile(r"\{(?=\{)")
# Mappings with these keys stand for something else: for a block, for a rendered value.
_MEANINGFUL_KEYS = frozenset({"$ref", "__prefect_kind"})


def survives(value: Json) -> bool:
    """Whether Prefect leaves the value as it is."""
    if isinstance(value, str):
        return _OPENING not in value and _encodable(value) == value
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, list):
        return all(survives(item) for item in value)
    if isinstance(value, dict):
        return _MEANINGFUL_KEYS.isdisjoint(value) and all(
            survives(item) for item in value.values()
        )
    return True


def surviving(values: dict[str, Json]) -> dict[str, Json]:
    """The entries that Prefect would leave as they are."""
    return {name: value for name, value in values.items() if survives(value)}


def defused(text: str) -> str:
    """Prose in which `{{` becomes `{ {`."""
    return _BRACE_BEFORE_BRACE.sub("{ ", _encodable(text))


def _encodable(text: str) -> str:
    return text if text.isascii() else text.encode(errors="replace").decode()
