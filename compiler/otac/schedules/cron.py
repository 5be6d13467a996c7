"""Cron expressions, read as Prefect reads them: by croniter, of which it has a copy.

Five fields, six with seconds at the end, seven with years behind those, or one of the `@`
shorthands. `tests/schedules` compares with that copy.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

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
LAST = 0
"""The last such weekday of a month, where others have their number."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field: its name in messages, its bounds, and names for numbers."""

    name: str
    least: int
    most: int
    names: dict[str, int]
    shown_most: int | None = None

    @property
    def allowed(self) -> str:
        """`expected 1 to 12, or jan to dec`."""
        allowed = f"expected {self.least} to {self.shown_most or self.most}"
        if self.names:
            first, *_, last = self.names
            allowed += f", or {first} to {last}"
        return allowed


MINUTE = Field("minute", 0, 59, {})
HOUR = Field("hour", 0, 23, {})
DAY = Field("day of the month", 1, 31, {})
MONTH = Field("month", 1, 12, _MONTHS)
WEEKDAY = Field("day of the week", 0, 6, _DAYS, shown_most=7)
SECOND = Field("second", 0, 59, {})
YEAR = Field("year", 1970, 2099, {})
FIELDS = (MINUTE, HOUR, DAY, MONTH, WEEKDAY, SECOND, YEAR)
_LEAST_FIELDS = 5

# The language allows texts of 200 characters.
_NUMBER = re.compile(r"[0-9]{1,200}", re.ASCII)
_RANGE = re.compile(r"(?P<low>[^-]+)-(?P<high>[^-/]+)(?:/(?P<step>[0-9]+))?", re.ASCII)
_NAMED_DAYS = "|".join(_DAYS)
_NTH = re.compile(
    rf"(?P<days>(?:{_NAMED_DAYS})(?:-(?:{_NAMED_DAYS}))?|\w+)#(?P<which>\d+)"
    r"|l(?P<last>\d+)",
    re.ASCII,
)
# Numbers that croniter draws by itself; Prefect takes the second form for valid.
_DRAWN = re.compile(r"[hr](\(\d+-\d+\))?(/\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class CronProblem:
    """What is wrong with `text[start:end]` of an expression, why, and what to type."""

    message: str
    reason: str
    start: int
    end: int
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """The text of a field, in lower case, and where it begins in the expression."""

    field: Field
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class CronExpression:
    """What an expression means.

    A field is the ascending numbers it lists, or None for all of them. `last_day` is the
    `L` among the days of the month. `nth` are (day of the week from 0, a Sunday; which one
    in the month, or `LAST`): where there are any, the weekdays themselves do not count.
    """

    words: tuple[Word, ...]
    minutes: tuple[int, ...] | None
    hours: tuple[int, ...] | None
    days: tuple[int, ...] | None
    last_day: bool
    months: tuple[int, ...] | None
    weekdays: tuple[int, ...] | None
    nth: frozenset[tuple[int, int]]
    seconds: tuple[int, ...] | None
    years: tuple[int, ...] | None

    @property
    def has_seconds(self) -> bool:
        return len(self.words) > _LEAST_FIELDS

    @property
    def names_both_days(self) -> bool:
        """Whether days of the month and of the week are given, of which either will do."""
        return self.days is not None and self.weekdays is not None

    @property
    def a_day(self) -> int:
        """How often on a day on which it fires."""
        return (
            len(self.minutes or range(60))
            * len(self.hours or range(24))
            * (len(self.seconds or range(60)) if self.has_seconds else 1)
        )


class CronError(Exception):
    """The expression is refused; at most one problem for each field."""

    def __init__(self, problems: tuple[CronProblem, ...]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


class _Refused(Exception):
    """The reason why a part of a field is refused."""


@lru_cache(maxsize=1024)
def parse(text: str) -> CronExpression:
    """What an expression means. Raises `CronError`."""
    words = _words(text)
    fields: list[_Numbers] = []
    problems: list[CronProblem] = []
    for word in words:
        try:
            fields.append(_read(word, words))
        except _Part as refused:
            problems.append(refused.problem)
    if problems and len(words) > _LEAST_FIELDS:
        advice = "seconds come sixth, behind the day of the week"
        problems = [replace(one, help=one.help or advice) for one in problems]
    if problems:
        raise CronError(tuple(problems))
    minutes, hours, days, months, weekdays, *rest = (one.numbers for one in fields)
    return CronExpression(
        words,
        minutes,
        hours,
        days,
        fields[2].last_day,
        months,
        weekdays,
        fields[4].nth,
        rest[0] if rest else None,
        rest[1] if len(rest) > 1 else None,
    )


def _words(text: str) -> tuple[Word, ...]:
    found = [(m.group().lower(), m.start()) for m in re.finditer(r"\S+", text)]
    if found and found[0][0].startswith("@"):
        if len(found) > 1 or found[0][0] not in SHORTHANDS:
            known = ", ".join(f"`{name}`" for name in SHORTHANDS)
            message = f"`{text}` is not a cron shorthand"
            reason = f"expected one of {known}"
            raise CronError((CronProblem(message, reason, 0, len(text)),))
        # Their places are not asked for: nothing is wrong with them.
        found = [(word, 0) for word in SHORTHANDS[found[0][0]].split()]
    if not _LEAST_FIELDS <= len(found) <= len(FIELDS):
        names = ", ".join(field.name for field in FIELDS[:_LEAST_FIELDS])
        message = f"a cron expression has 5 fields, and this has {len(found)}"
        reason = f"expected {names}; second and year may follow"
        raise CronError((CronProblem(message, reason, 0, len(text)),))
    pairs = zip(FIELDS, found, strict=False)
    return tuple(Word(field, word, start) for field, (word, start) in pairs)


@dataclass(frozen=True, slots=True)
class _Numbers:
    numbers: tuple[int, ...] | None
    last_day: bool
    nth: frozenset[tuple[int, int]]


class _Part(Exception):
    def __init__(self, problem: CronProblem) -> None:
        super().__init__()
        self.problem = problem


def _read(word: Word, words: tuple[Word, ...]) -> _Numbers:
    field = word.field
    if word.text == "?" and field in (DAY, WEEKDAY):
        return _Numbers(None, False, frozenset())
    found: set[int | str] = set()
    nth: set[tuple[int, int]] = set()
    start = word.start
    for part in word.text.split(","):
        try:
            if _DRAWN.fullmatch(word.text):
                raise _Refused(
                    "Prefect would draw a new number each time that it looks"
                )
            found.update(_numbers(field, part, len(words), nth))
        except _Refused as refused:
            end = start + max(len(part), 1)
            message = f"the {field.name} of the cron expression cannot be `{part}`"
            raise _Part(CronProblem(message, str(refused), start, end)) from None
        start += len(part) + 1
    numbers = tuple(sorted(one for one in found if isinstance(one, int)))
    _refuse_mixture(word, numbers, "*" in found, nth)
    is_any = "*" in found
    if len(found) == field.most - field.least + 1:
        # All of them, one by one, are `*` only where the other kind of day is a `*` too.
        other = {DAY: WEEKDAY, WEEKDAY: DAY}.get(field)
        is_any |= other is None or any("*" in w.text for w in words if w.field is other)
    return _Numbers(None if is_any else numbers, "l" in found, frozenset(nth))


def _refuse_mixture(
    word: Word, numbers: tuple[int, ...], is_any: bool, nth: set[tuple[int, int]]
) -> None:
    plain = set(numbers) - {day for day, _ in nth}
    everything = len(numbers) + is_any == WEEKDAY.most + 1
    if nth and plain and not everything:
        counted = [part for part in word.text.split(",") if _NTH.fullmatch(part)]
        others = [part for part in word.text.split(",") if part not in counted]
        message = (
            f"`{others[0]}` and `{counted[0]}` cannot stand in one cron expression"
        )
        reason = "Prefect refuses weekdays beside weekdays of a month"
        advice = (
            f"write two entries of `schedules`: one for `{','.join(others)}`, one for "
            f"`{','.join(counted)}`"
        )
        raise _Part(CronProblem(message, reason, word.start, word.end, advice))


def _numbers(
    field: Field, part: str, fields: int, nth: set[tuple[int, int]]
) -> Iterable[int | str]:
    """The numbers of a part of a list; `*` and `l` stand for themselves."""
    if not part:
        raise _Refused("there is nothing between the commas")
    which: int | None = None
    if field is WEEKDAY and (special := _NTH.fullmatch(part)) is not None:
        part = special["days"] or special["last"]
        which = int(special["which"] or LAST)
        if special["days"] and not 1 <= which <= 5:
            raise _Refused("the week after `#` is a number from 1 to 5")
    if part == "*" or (part == "l" and field is DAY):
        return [part]
    span = _span(field, part)
    if span is None:
        numbers: Iterable[int] = [_value(field, part, fields)]
    else:
        numbers = _ranged(field, span, fields)
    found = [*numbers]
    if any(not field.least <= number <= field.most for number in found):
        raise _Refused(field.allowed)
    if which is not None:
        nth.update((number, which) for number in found)
    return found


def _span(field: Field, part: str) -> re.Match[str] | None:
    """A range with its step: `*/5` is one too, and `5/10` goes on to the end."""
    base, slash, step = part.partition("/")
    if slash and (not _NUMBER.fullmatch(step) or int(step) == 0):
        raise _Refused("the step after `/` is a number from 1")
    if base == "*" and slash:
        part = f"{field.least}-{field.most}/{step}"
    elif slash and "-" not in base:
        part = f"{base}-{field.most}/{step}"
    return _RANGE.fullmatch(part)


def _ranged(field: Field, span: re.Match[str], fields: int) -> list[int]:
    high_text = "31" if field is DAY and span["high"] == "l" else span["high"]
    low, high = _value(field, span["low"], fields), _value(field, high_text, fields)
    step = int(span["step"] or 1)
    if max(low, high) > field.most:
        raise _Refused(field.allowed)
    if low < high:
        return [*range(low, high + 1, step)]
    if low == high:
        # `mon-mon`, and `59/5`: the whole turn.
        return [*range(field.least, field.most + 1, step)]
    # Over the turn: `22-6`.
    before = [*range(low, field.most + 1, step)]
    rest = field.most - before[-1]
    index = before[-1] - field.least
    skipped = 0
    if index + step > field.most - field.least + 1 and rest < step:
        skipped = step - rest
    return [*before, *range(field.least + skipped, high + 1, step)]


def _value(field: Field, word: str, fields: int) -> int:
    if word in field.names:
        return field.names[word]
    if not _NUMBER.fullmatch(word):
        raise _Refused(field.allowed)
    value = int(word)
    # Where there are more fields, croniter forgets one of these and remembers another.
    if field is WEEKDAY and value == 7:
        if fields > _LEAST_FIELDS:
            raise _Refused("with seconds, Sunday is 0 or sun")
        return 0
    if field is DAY and value == 0 and fields == 6:
        return 1
    return value


def share_a_time(one: CronExpression, other: CronExpression) -> bool:
    """Whether both may fire at the same time, as far as the single fields tell."""
    pairs = (
        (one.minutes, other.minutes),
        (one.hours, other.hours),
        (one.months, other.months),
        (_month_days(one), _month_days(other)),
        (one.weekdays, other.weekdays),
    )
    return all(
        first is None or second is None or not set(first).isdisjoint(second)
        for first, second in pairs
    )


def _month_days(one: CronExpression) -> tuple[int, ...] | None:
    """With those that may be the last of a month."""
    if one.days is None or not one.last_day:
        return one.days
    return (*one.days, 28, 29, 30, 31)
