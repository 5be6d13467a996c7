"""Durations as people write them: `90`, `90s`, `5m`, `1h30m`, `2d`, `PT5M`, `P1DT2H`."""

import re

_SHORT = re.compile(
    r"(?:(?P<w>\d+(?:\.\d+)?)\s*w)?\s*(?:(?P<d>\d+(?:\.\d+)?)\s*d)?\s*"
    r"(?:(?P<h>\d+(?:\.\d+)?)\s*h)?\s*(?:(?P<m>\d+(?:\.\d+)?)\s*m(?:in)?)?\s*"
    r"(?:(?P<s>\d+(?:\.\d+)?)\s*s)?\s*(?:(?P<ms>\d+(?:\.\d+)?)\s*ms)?",
    re.ASCII,
)
_ISO = re.compile(
    r"P(?:(?P<w>\d+(?:\.\d+)?)W)?(?:(?P<d>\d+(?:\.\d+)?)D)?"
    r"(?:T(?=\d)(?:(?P<h>\d+(?:\.\d+)?)H)?(?:(?P<m>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<s>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_SECONDS = {"w": 604800.0, "d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


LONGEST = 3153600000.0
"""Seconds; no duration of the language is more than these hundred years."""


def seconds(text: str) -> float | None:
    """Seconds of a duration, or None where the text is none.

    Short form: numbers with `w`, `d`, `h`, `m` or `min`, `s`, `ms`, largest unit first.
    ISO 8601 durations without years and months, whose length is not fixed. A bare number
    counts as seconds.
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    match = _ISO.fullmatch(text.upper()) or _SHORT.fullmatch(text.lower())
    if match is None:
        return None
    parts = {unit: number for unit, number in match.groupdict().items() if number}
    if not parts:
        return None
    # Rounded to a microsecond: 0.1 * 3 days must not become 25919.999999999996.
    total = sum(float(number) * _SECONDS[unit] for unit, number in parts.items())
    return round(total, 6)
