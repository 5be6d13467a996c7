"""Cron expressions: five fields, or one of the `@` shorthands."""

import re
from dataclasses import dataclass

# fmt: off
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}
_DAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
# fmt: on
_SHORTHANDS = (
    "@yearly",
    "@annually",
    "@monthly",
    "@weekly",
    "@daily",
    "@midnight",
    "@hourly",
)
_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CronField:
    """One field: its name in messages, its bounds, and names for numbers."""

    name: str
    least: int
    most: int
    names: dict[str, int]


FIELDS = (
    CronField("minute", 0, 59, {}),
    CronField("hour", 0, 23, {}),
    CronField("day of the month", 1, 31, {}),
    CronField("month", 1, 12, _MONTHS),
    CronField("day of the week", 0, 7, _DAYS),
)


@dataclass(frozen=True, slots=True)
class CronProblem:
    """What is wrong with `text[start:end]` of an expression, and why."""

    message: str
    reason: str
    start: int
    end: int


def problem(text: str) -> CronProblem | None:
    """What is wrong with a cron expression, or None.

    Accepts what Prefect does in every release: numbers, names, `*`, lists, ranges, steps,
    `L` for the last day of the month, `fri#2` and `L5` for one weekday of a month.
    """
    words = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    if words and words[0][0].startswith("@"):
        if len(words) == 1 and words[0][0].lower() in _SHORTHANDS:
            return None
        known = ", ".join(f"`{name}`" for name in _SHORTHANDS)
        return CronProblem(
            f"`{text}` is no cron shorthand", f"expected one of {known}", 0, len(text)
        )
    if len(words) != len(FIELDS):
        count = len(words)
        fields = ", ".join(field.name for field in FIELDS)
        return CronProblem(
            f"a cron expression has 5 fields, and this has {count}",
            f"expected {fields}",
            0,
            len(text),
        )
    for field, (word, start, _) in zip(FIELDS, words, strict=True):
        offset = start
        for part in word.split(","):
            reason = _part_problem(field, part.lower())
            if reason is not None:
                return CronProblem(
                    f"the {field.name} of the cron expression cannot be `{part}`",
                    reason,
                    offset,
                    offset + max(len(part), 1),
                )
            offset += len(part) + 1
    return None


def _part_problem(field: CronField, part: str) -> str | None:
    if not part:
        return "there is nothing between the commas"
    if field.name == "day of the month" and part == "l":
        return None
    if field.name == "day of the week":
        if part.startswith("l") and len(part) == 2:
            return _value_problem(field, part[1:])
        day, hash_sign, week = part.partition("#")
        if hash_sign:
            if week not in ("1", "2", "3", "4", "5", "l"):
                return "the week after `#` is a number from 1 to 5, or `L`"
            return _value_problem(field, day)
    span, slash, step = part.partition("/")
    if slash and (not _NUMBER.fullmatch(step) or int(step) == 0):
        return "the step after `/` is a number from 1"
    if span == "*":
        return None
    first, dash, last = span.partition("-")
    reason = _value_problem(field, first)
    if reason is None and dash:
        reason = _value_problem(field, last)
        if reason is None and _number(field, first) > _number(field, last):
            reason = "the range ends before it begins"
    return reason


def _value_problem(field: CronField, word: str) -> str | None:
    if word in field.names:
        return None
    allowed = f"expected {field.least} to {field.most}"
    if field.names:
        first, *_, last = field.names
        allowed += f", or {first} to {last}"
    if not _NUMBER.fullmatch(word):
        return allowed
    return None if field.least <= int(word) <= field.most else allowed


def _number(field: CronField, word: str) -> int:
    return field.names[word] if word in field.names else int(word)
