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
SHORTHANDS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CronField:
    """One field: its name in messages, its bounds, and names for numbers."""

    name: str
    least: int
    most: int
    names: dict[str, int]


_DAY_OF_MONTH = CronField("day of the month", 1, 31, {})
_MONTH = CronField("month", 1, 12, _MONTHS)
_DAY_OF_WEEK = CronField("day of the week", 0, 7, _DAYS)
FIELDS = (
    CronField("minute", 0, 59, {}),
    CronField("hour", 0, 23, {}),
    _DAY_OF_MONTH,
    _MONTH,
    _DAY_OF_WEEK,
)
_LONGEST_MONTH = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


@dataclass(frozen=True, slots=True)
class CronProblem:
    """What is wrong with `text[start:end]` of an expression, and why."""

    message: str
    reason: str
    start: int
    end: int


def problems(text: str) -> tuple[CronProblem, ...]:
    """What is wrong with a cron expression, at most once for each field.

    Accepts what Prefect does in every release: numbers, names, `*`, lists, ranges (over
    the turn too, as `22-6`), steps, `?` for either kind of day, `L` for the last day of
    the month, `fri#2` and `L5` for one weekday of a month.
    """
    words = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    if words and words[0][0].startswith("@"):
        if len(words) == 1 and words[0][0].lower() in SHORTHANDS:
            return ()
        known = ", ".join(f"`{name}`" for name in SHORTHANDS)
        message, reason = f"`{text}` is no cron shorthand", f"expected one of {known}"
        return (CronProblem(message, reason, 0, len(text)),)
    if len(words) != len(FIELDS):
        fields = ", ".join(field.name for field in FIELDS)
        message = f"a cron expression has 5 fields, and this has {len(words)}"
        return (CronProblem(message, f"expected {fields}", 0, len(text)),)
    found = [
        _field_problem(field, word, start)
        for field, (word, start, _) in zip(FIELDS, words, strict=True)
    ]
    given = tuple(problem for problem in found if problem is not None)
    if not given and _never_comes(words[2][0].lower(), words[3][0].lower()):
        message = "the day of the cron expression never comes"
        reason = "the months that are named are shorter"
        return (CronProblem(message, reason, words[2][1], words[3][2]),)
    return given


def _field_problem(field: CronField, word: str, start: int) -> CronProblem | None:
    if word == "?" and field in (_DAY_OF_MONTH, _DAY_OF_WEEK):
        return None
    for part in word.split(","):
        reason = _part_problem(field, part.lower())
        if reason is not None:
            message = f"the {field.name} of the cron expression cannot be `{part}`"
            return CronProblem(message, reason, start, start + max(len(part), 1))
        start += len(part) + 1
    return None


def _never_comes(days: str, months: str) -> bool:
    """Whether every day that is listed is later than the last of every month listed."""
    first = min(_least(_DAY_OF_MONTH, part) for part in days.split(","))
    return all(
        first > _LONGEST_MONTH.get(_number(_MONTH, part), 31)
        if part in _MONTHS or _NUMBER.fullmatch(part)
        else first > 31
        for part in months.split(",")
    )


def _least(field: CronField, part: str) -> int:
    span = part.partition("/")[0]
    first, dash, last = span.partition("-")
    if not _NUMBER.fullmatch(first):
        return field.least
    turns = dash and _number(field, first) > _number(field, last)
    return field.least if turns else _number(field, first)


def _part_problem(field: CronField, part: str) -> str | None:
    if not part:
        return "there is nothing between the commas"
    if part == "l" and field is _DAY_OF_MONTH:
        return None
    if field is _DAY_OF_WEEK:
        if part.startswith("l") and len(part) == 2:
            return _value_problem(field, part[1:])
        day, hash_sign, week = part.partition("#")
        if hash_sign:
            if week not in ("1", "2", "3", "4", "5"):
                return "the week after `#` is a number from 1 to 5"
            return _value_problem(field, day)
    span, slash, step = part.partition("/")
    if slash and (not _NUMBER.fullmatch(step) or int(step) == 0):
        return "the step after `/` is a number from 1"
    if span == "*":
        return None
    first, dash, last = span.partition("-")
    reason = _value_problem(field, first)
    return _value_problem(field, last) if reason is None and dash else reason


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
