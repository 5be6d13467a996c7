"""The name of a runner's module."""

import re
from functools import lru_cache

from otac.lower.reserved import DEVICES, KEYWORDS, STANDARD_LIBRARY, THIRD_PARTY

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^A-Za-z0-9]+")

# `from generated import services` must find our own package.
_RESERVED = KEYWORDS | STANDARD_LIBRARY | THIRD_PARTY | DEVICES | {"generated"}


@lru_cache(maxsize=4096)
def snake(text: str, default: str) -> str:
    """The text as a lower-case ASCII identifier.

    `default` stands for a text of which nothing remains, and before one that starts with
    a digit.
    """
    words = _OTHER.sub("_", _WORD_START.sub("_", text)).strip("_").lower()
    if not words:
        return default
    return f"{default}_{words}" if words[0].isdigit() else words


def module_name(runner_id: str) -> str:
    """The name of the module in `generated/flows/`. Depends on nothing but the id.

    While Prefect loads a flow, the module's folder comes first on `sys.path`, and stays
    there: a module named like one that is imported later would be found in its place.
    """
    name = snake(runner_id, "runner")
    return f"{name}_flow" if name in _RESERVED else name
