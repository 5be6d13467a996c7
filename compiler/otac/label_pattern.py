"""Patterns for labels, as rules of a map have them: `Science/*`, `*`.

A `*` stands for any text, also for none. Everything else is meant as it stands, in upper or
lower case as it is written. Imports nothing of components, so that a check may ask it.
"""

import re

# What stands for "any text" when one pattern is held to another.
_ANY = "\N{OBJECT REPLACEMENT CHARACTER}"


def fits(pattern: str, label: str) -> bool:
    """Whether the rule applies to the label."""
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), label, re.DOTALL) is not None


def covers(pattern: str, other: str) -> bool:
    """Whether every label that `other` fits is one that `pattern` fits."""
    return fits(pattern, other.replace("*", _ANY)) and _ANY not in pattern
