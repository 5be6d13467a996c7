"""What Prefect never fires, and what it reads otherwise than people mean it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice

from otac.schedules.cron import (
    DAY,
    HOUR,
    MINUTE,
    YEAR,
    CronExpression,
    CronProblem,
    Word,
    parse,
)
from otac.schedules.cron_search import NothingFound, Search

# No clock is asked. This otac was made in that year, so it is not in the future.
MADE_IN = 2026
_NOW = datetime(MADE_IN, 1, 1)
# How far ahead Prefect's scheduler plans by default: so many days, and so many runs.
_AHEAD_DAYS, _AHEAD_RUNS = timedelta(days=100), 100


def never(text: str, day_or: bool) -> CronProblem | None:
    """Why Prefect never starts a run for a sound expression, or None if it does."""
    expression = parse(text)
    try:
        first = next(Search(expression, day_or).from_(_NOW))
    except NothingFound:
        return _never_found(expression, day_or)
    last = _end(expression, day_or)
    if last is not None and last - first <= _AHEAD_DAYS:
        return CronProblem(
            "Prefect starts no run of a cron expression that ends so soon",
            "it plans 100 days ahead, and its search fails behind the last run",
            expression.words[-1].start,
            expression.words[-1].end,
            "leave out the year, and switch the schedule off with `active: false`",
        )
    return None


def oddities(text: str, day_or: bool) -> Iterator[CronProblem]:
    """Where Prefect does something else than the expression seems to say."""
    expression = parse(text)
    if not expression.words[0].end:
        return
    for word in expression.words:
        for part, start in _parts(word):
            if (found := _odd_part(word, part, len(expression.words))) is not None:
                message, reason, advice = found
                yield CronProblem(message, reason, start, start + len(part), advice)
    yield from _odd_days(expression, day_or)
    if (misplaced := _seconds_first(expression)) is not None:
        yield misplaced
    if expression.years is not None and _end(expression, day_or) is not None:
        word = expression.words[-1]
        yield CronProblem(
            f"Prefect stops up to 100 days before the end of {expression.years[-1]}",
            "it plans ahead, and its search fails behind the last run",
            word.start,
            word.end,
            "leave out the year",
        )


def _seconds_first(expression: CronExpression) -> CronProblem | None:
    """Where seconds seem to be meant by the first field, as other programs read it."""
    if not expression.has_seconds:
        return None
    first, second = expression.words[0], expression.words[5]
    if not first.text.isdigit() or not (
        second.text == "*" or ("-" in second.text and "/" not in second.text)
    ):
        return None
    meant = " ".join(word.text for word in expression.words[1:6])
    runs = len(expression.seconds or range(60))
    return CronProblem(
        f"Prefect starts {runs} runs in each minute of this expression",
        "the sixth field has the seconds",
        second.start,
        second.end,
        f"if the first field is meant to have them, write `{meant}`; for one run, `0` "
        "as the sixth",
    )


def _never_found(expression: CronExpression, day_or: bool) -> CronProblem:
    day, month, week = expression.words[2:5]
    if expression.years is not None and expression.years[-1] < MADE_IN:
        word = expression.words[-1]
        message = "the years of the cron expression are over"
        return CronProblem(message, f"the last is {word.text}", word.start, word.end)
    either = day_or and expression.names_both_days
    if either and expression.nth:
        return CronProblem(
            f"`{day.text}` and `{week.text}` never fall on one day",
            "Prefect looks for a day that is both, and its search fails",
            day.start,
            week.end,
            _two(expression, (day.text, "*"), ("*", week.text)),
        )
    if _finds(replace(expression, weekdays=None, nth=frozenset()), day_or):
        message = "the days of the cron expression never come"
        reason = "no day is of both kinds"
        return CronProblem(message, reason, day.start, week.end)
    message = "the day of the cron expression never comes"
    reason = "the months that are named are shorter"
    advice = (
        f"remove it: Prefect fails, although `{week.text}` comes" if either else None
    )
    return CronProblem(message, reason, day.start, month.end, advice)


def _finds(expression: CronExpression, day_or: bool) -> bool:
    try:
        next(Search(expression, day_or).from_(_NOW))
    except NothingFound:
        return False
    return True


def _end(expression: CronExpression, day_or: bool) -> datetime | None:
    """The last time of an expression with years; None if there are many to come."""
    if expression.years is None or expression.years[-1] == YEAR.most:
        return None
    search = Search(expression, day_or)
    last: datetime | None = None
    try:
        for moment in islice(search.from_(_NOW), _AHEAD_RUNS):
            last = moment
    except NothingFound:
        return last
    return datetime(expression.years[-1], 12, 31)


def _parts(word: Word) -> Iterator[tuple[str, int]]:
    start = word.start
    for part in word.text.split(","):
        yield part, start
        start += len(part) + 1


def _odd_part(word: Word, part: str, fields: int) -> tuple[str, str, str] | None:
    """A message, a reason and what to write."""
    field = word.field
    base, slash, step_text = part.partition("/")
    low, dash, high = base.partition("-")
    step = int(step_text) if slash else 1
    name = f"the {field.name}"
    if (dash and low == high) or (slash and low == str(field.most) and not dash):
        message = f"`{part}` is a whole turn to Prefect, not {name} {low}"
        return message, "the range ends where it begins", f"write `{low}`"
    if field is DAY and fields == 6 and part == "0":
        return "Prefect takes 1 for the day 0", "days begin with 1", "write `1`"
    size = field.most - field.least + 1
    if slash and not dash and step >= size:
        only = str(field.least) if base == "*" else base
        units = {MINUTE: 60, HOUR: 3600}.get(field)
        other = f", or `interval_seconds: {step * units}`" if units else ""
        message = f"`{part}` means only {name} {only}"
        reason = f"a step starts again after {size}"
        return message, reason, f"write `{only}`{other}"
    if not (slash and dash) or not low.isdigit() or not high.isdigit():
        return None
    first, last = int(low), int(high)
    if first <= last:
        return None
    length = (last - first) % size
    meant = [(first - field.least + n) % size for n in range(0, length + 1, step)]
    wanted = [number + field.least for number in meant]
    taken = parse_part(word, part)
    if set(wanted) == set(taken):
        return None
    message = f"Prefect takes {_list(taken)} for `{part}`"
    reason = "it counts on by its own rule over the turn"
    return message, reason, f"list them: `{_list(wanted)}`"


def parse_part(word: Word, part: str) -> tuple[int, ...]:
    """What Prefect takes for a part of a list, in its order."""
    words = ["*"] * 7
    names = ("minute", "hour", "day of the month", "month", "day of the week", "second")
    index = (*names, "year").index(word.field.name)
    words[index] = part
    found = parse(" ".join(words[: max(5, index + 1)]))
    by_index = (
        found.minutes,
        found.hours,
        found.days,
        found.months,
        found.weekdays,
        found.seconds,
        found.years,
    )
    return by_index[index] or ()


def _odd_days(expression: CronExpression, day_or: bool) -> Iterator[CronProblem]:
    day, _, week = expression.words[2:5]
    either = day_or and expression.names_both_days
    if either and expression.nth:
        yield CronProblem(
            f"Prefect leaves `{day.text}` out, because of `{week.text}`",
            "beside a weekday of a month it looks for days that are both",
            day.start,
            week.end,
            _two(expression, (day.text, "*"), ("*", week.text)),
        )
    elif either and (
        len(expression.days or ()) == 31 or len(expression.weekdays or ()) == 7
    ):
        all_days, other = (
            (day, week) if len(expression.days or ()) == 31 else (week, day)
        )
        yield CronProblem(
            f"`{other.text}` has no effect together with `{all_days.text}`",
            "a day of either kind will do, and these are all days",
            day.start,
            week.end,
            f"write `*` for `{all_days.text}`",
        )
    elif missed := _missed(expression, day_or):
        moved = sorted({one.day for one in missed} & {*(expression.days or ())})
        rest = [one for one in expression.days or () if one not in moved]
        first = _list(moved) if moved else "L"
        last = _list(rest) + (",L" if expression.last_day and moved else "")
        yield CronProblem(
            f"Prefect leaves out {missed[0].day} {missed[0]:%B}",
            f"it leaps over it on the way to day {rest[-1] if rest else 31}",
            day.start,
            day.end,
            _two(expression, (first, "*"), (last, week.text)),
        )


def _missed(expression: CronExpression, day_or: bool) -> list[date]:
    """Days of common and leap years that are meant, and not found on the way."""
    days = expression.days
    if not days or days[-1] < 30 or not (len(days) > 1 or expression.last_day):
        return []
    # The last time of the day: where the search goes on depends on it.
    hours, minutes = expression.hours or (23,), expression.minutes or (59,)
    seconds = expression.seconds and expression.seconds[-1:]
    once = replace(
        expression, hours=hours[-1:], minutes=minutes[-1:], seconds=seconds, years=None
    )
    search = Search(once, day_or, whole_minutes=not expression.has_seconds)
    missed: list[date] = []
    # Where weekdays count, too, not every year shows it.
    for year in range(2026, 2032) if expression.weekdays else (2026, 2028):
        first, end = date(year, 1, 1), date(year + 1, 1, 1)
        found: set[date] = set()
        for moment in search.from_(datetime(year, 1, 1)):
            if moment.year > year:
                break
            found.add(moment.date())
        every = map(date.fromordinal, range(first.toordinal(), end.toordinal()))
        missed += [one for one in every if one not in found and search.fires_on(one)]
    return missed


def _two(
    expression: CronExpression, first: tuple[str, str], second: tuple[str, str]
) -> str:
    """Advice to write two entries, each with other days (of the month, of the week)."""
    texts = []
    for of_month, of_week in (first, second):
        words = [word.text for word in expression.words]
        words[2], words[4] = of_month, of_week
        texts.append(f"`{' '.join(words)}`")
    return f"write two entries of `schedules`: {texts[0]} and {texts[1]}"


def _list(numbers: list[int] | tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
