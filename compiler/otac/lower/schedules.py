"""The schedules of a runner."""

import re
from datetime import UTC, datetime

from otac.config.model import Located, RunnerConfig, ScheduleConfig
from otac.config.other_words import meant_cron
from otac.diagnostics.diagnostic import Label, error, warning
from otac.diagnostics.suggest import nearest
from otac.lower.context import Context
from otac.lower.flow_parameters import lower_schedule_parameters
from otac.lower.project import Parameter, Schedule
from otac.schedules import Cron, Interval, RRule, When, in_utc, timezones
from otac.source.document import Scalar, Span

# Prefect takes the moment of the deployment where there is none, so that the phase would
# change with every deployment.
ANCHOR = "2025-01-01T00:00:00Z"
_SLUG = "schedule"
_OFFSET = re.compile(r"(?:UTC|GMT|Z)?\s*[+-]\s*\d.*", re.IGNORECASE)
# What Prefect can count from; beyond, its arithmetic overflows.
_ANCHOR_YEARS = range(1970, 2101)


def lower_schedules(
    context: Context, runner: RunnerConfig, parameters: tuple[Parameter, ...]
) -> tuple[Schedule, ...]:
    """The schedules, each with a slug of its own.

    Intervals are as they were written, also those that only a resident runner can keep.
    """
    own = runner.schedule
    given = _kinds(own)
    if runner.schedules is None:
        entries: tuple[ScheduleConfig, ...] = (own,) if given else ()
        if not given:
            _warn_of_strays(context, own)
    else:
        entries = runner.schedules
        _check_beside_list(context, runner, given)
    slugs = _given_slugs(context, entries)
    found = [_schedule(context, entry, parameters, slugs) for entry in entries]
    schedules = tuple(schedule for schedule in found if schedule is not None)
    if runner.schedules is not None and own.active is not None:
        # Beside the list it is a switch for all of them.
        is_on = own.active.value
        return tuple(s._replace(active=s.active and is_on) for s in schedules)
    return schedules


def _check_beside_list(
    context: Context, runner: RunnerConfig, given: list[tuple[str, Span]]
) -> None:
    """Keys of a single schedule beside `schedules`."""
    if given:
        context.report(
            error(
                "OTC313",
                f"runner `{runner.id.value}` has `{given[0][0]}` and `schedules`",
                given[0][1],
                "a runner has one schedule here, or several under `schedules`",
                help="move it into the list of `schedules`",
            )
        )
        return
    own = runner.schedule
    for key, found in (
        ("timezone", own.timezone),
        ("day_or", own.day_or),
        ("anchor_date", own.anchor_date),
    ):
        _warn(context, found, key, "an entry of `schedules`", "move it there")


def _kinds(entry: ScheduleConfig) -> list[tuple[str, Span]]:
    pairs = (
        ("interval_seconds", entry.interval),
        ("cron", entry.cron),
        ("rrule", entry.rrule),
    )
    given = [(name, found.span) for name, found in pairs if found is not None]
    return sorted(given, key=lambda pair: pair[1].start)


def _schedule(
    context: Context,
    entry: ScheduleConfig,
    parameters: tuple[Parameter, ...],
    slugs: dict[str, Span],
) -> Schedule | None:
    given = _kinds(entry)
    if len(given) > 1:
        (first, first_span), (second, second_span), *_ = given
        context.report(
            error(
                "OTC313",
                f"`{first}` and `{second}` are two schedules",
                second_span,
                "a second schedule",
                labels=(Label(first_span, "the first one"),),
                help="keep one, or write both as entries of `schedules`",
            )
        )
        return None
    if not given:
        context.report(
            error(
                "OTC313",
                "an entry of `schedules` needs a schedule",
                entry.head,
                "neither `interval_seconds` nor `cron` nor `rrule` is here",
            )
        )
        return None
    when = _when(context, entry)
    if when is None:
        return None
    return Schedule(
        when=when,
        slug=_slug(entry, slugs),
        active=entry.active is None or entry.active.value,
        parameters=lower_schedule_parameters(context, entry.parameters, parameters),
        origin=given[0][1],
    )


def _when(context: Context, entry: ScheduleConfig) -> When | None:
    timezone = _timezone(context, entry.timezone)
    if entry.interval is not None:
        return _interval(context, entry, entry.interval, timezone)
    _refuse(context, entry.anchor_date, "anchor_date", "interval_seconds")
    if entry.cron is not None:
        return _cron(context, entry, entry.cron, timezone)
    _refuse(context, entry.day_or, "day_or", "cron")
    if entry.rrule is None:
        return None
    return _rrule(context, entry.rrule, timezone)


def _cron(
    context: Context, entry: ScheduleConfig, cron: Scalar, timezone: str | None
) -> Cron | None:
    # Most runners have an interval.
    from otac.schedules.cron import CronError, CronProblem, parse
    from otac.schedules.cron_findings import never, oddities

    day_or = entry.day_or is None or entry.day_or.value
    try:
        parse(cron.text)
        found = never(cron.text, day_or)
        problems: tuple[CronProblem, ...] = () if found is None else (found,)
    except CronError as refused:
        problems = refused.problems
    if problems and (meant := _meant_cron(cron.text)) is not None:
        context.report(
            error(
                "OTC314",
                problems[0].message,
                cron.span,
                problems[0].reason,
                help=f"write `{meant}`",
                suggestion=f'"{meant}"',
            )
        )
        return None
    for problem in problems:
        place = _part(cron, problem.start, problem.end)
        context.report(
            error("OTC314", problem.message, place, problem.reason, help=problem.help)
        )
    if problems:
        return None
    for odd in oddities(cron.text, day_or):
        place = _part(cron, odd.start, odd.end)
        context.report(warning("OTC338", odd.message, place, odd.reason, help=odd.help))
    return Cron(" ".join(cron.text.split()), timezone, day_or)


def _meant_cron(text: str) -> str | None:
    """The sound expression that someone most likely meant by one that is none."""
    from otac.schedules.cron import CronError, parse

    meant = meant_cron(text)
    if meant == text:
        return None
    try:
        parse(meant)
    except CronError:
        return None
    return meant


def _rrule(context: Context, rrule: Located[str], timezone: str | None) -> RRule | None:
    from otac.schedules.recurrence import oddities, problem

    reason = problem(rrule.value)
    if reason is not None:
        message = "`rrule` is not a recurrence rule that Prefect can follow"
        context.report(error("OTC315", message, rrule.span, reason))
        return None
    for odd in oddities(rrule.value, timezone):
        context.report(
            warning("OTC339", odd.message, rrule.span, odd.reason, help=odd.help)
        )
    return RRule(rrule.value, timezone)


def _interval(
    context: Context,
    entry: ScheduleConfig,
    interval: Located[float],
    timezone: str | None,
) -> Interval | None:
    _refuse(context, entry.day_or, "day_or", "cron")
    anchor = (
        ANCHOR
        if entry.anchor_date is None
        else _anchor(context, entry.anchor_date, timezone)
    )
    if interval.value == 0 or anchor is None:
        return None
    return Interval(interval.value, anchor, timezone)


def _anchor(context: Context, anchor: Located[str], timezone: str | None) -> str | None:
    """The anchor in UTC; None for one that was refused."""
    try:
        instant = datetime.fromisoformat(anchor.value)
    except ValueError:
        _no_anchor(context, anchor, "is not a date")
        return None
    if instant.year not in _ANCHOR_YEARS:
        _no_anchor(context, anchor, "is too far away")
        return None
    if instant.tzinfo is None and timezone not in (None, "UTC"):
        # The offset of a time zone on a day is known to the machine's database only.
        _no_anchor(context, anchor, f"does not say its offset in `{timezone}`")
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return in_utc(instant)


def _no_anchor(context: Context, anchor: Located[str], reason: str) -> None:
    context.report(
        error(
            "OTC319",
            f"`anchor_date` {reason}",
            anchor.span,
            f"expected a date from {_ANCHOR_YEARS[0]} to {_ANCHOR_YEARS[-1]} with its "
            "offset, such as `2026-01-01T00:00:00Z`",
        )
    )


def _part(scalar: Scalar, start: int, end: int) -> Span:
    """The place of a part of a text; of all of it where escapes or line breaks are in it."""
    width = 1 if scalar.style in ("'", '"') else 0
    first = scalar.start + width
    if scalar.end - width - first != len(scalar.text):
        return scalar.span
    return Span(first + start, first + end, scalar.via)


def _timezone(context: Context, timezone: Located[str] | None) -> str | None:
    if timezone is None:
        return None
    if timezone.value not in timezones():
        # Hours of distance are in no name that is like another.
        is_offset = _OFFSET.fullmatch(timezone.value) is not None
        similar = None if is_offset else nearest(timezone.value, timezones())
        context.report(
            error(
                "OTC317",
                f"time zone `{timezone.value}` is not known",
                timezone.span,
                "no time zone of the IANA database has this name",
                help=f"did you mean `{similar}`?"
                if similar
                else "write a name such as `Europe/Berlin` or `UTC`",
                suggestion=similar,
            )
        )
    return timezone.value


def _warn_of_strays(context: Context, own: ScheduleConfig) -> None:
    """Keys of a schedule where there is none."""
    _timezone(context, own.timezone)
    _refuse(context, own.timezone, "timezone", "cron")
    _refuse(context, own.day_or, "day_or", "cron")
    _refuse(context, own.anchor_date, "anchor_date", "interval_seconds")
    _warn(context, own.active, "active", "a schedule", "remove it, or add a schedule")


def _refuse(
    context: Context, found: Located[str] | Located[bool] | None, key: str, owner: str
) -> None:
    _warn(context, found, key, f"`{owner}`", f"remove it, or add `{owner}`")


def _warn(
    context: Context,
    found: Located[str] | Located[bool] | None,
    key: str,
    owner: str,
    advice: str,
) -> None:
    if found is not None:
        message, label = f"`{key}` has no effect here", f"it belongs to {owner}"
        context.report(warning("OTC356", message, found.span, label, help=advice))


def _given_slugs(
    context: Context, entries: tuple[ScheduleConfig, ...]
) -> dict[str, Span]:
    """The slugs that are written, so that no derived one takes theirs."""
    slugs: dict[str, Span] = {}
    for entry in entries:
        if entry.slug is None:
            continue
        slug = entry.slug.value
        if slug in slugs:
            context.report(
                error(
                    "OTC310",
                    f"slug `{slug}` is used twice",
                    entry.slug.span,
                    "slugs are unique within a runner",
                    labels=(Label(slugs[slug], "first used here"),),
                )
            )
        slugs.setdefault(slug, entry.slug.span)
    return slugs


def _slug(entry: ScheduleConfig, slugs: dict[str, Span]) -> str:
    """The given slug, or `schedule`, with a number where there are several.

    Made neither from the schedule's values nor from its kind: Prefect knows a schedule
    again by its slug and keeps those whose slug is gone, so that a changed interval, or a
    cron expression in its place, must have the slug of what it replaces.
    """
    if entry.slug is not None:
        return entry.slug.value
    slug, number = _SLUG, 1
    while slug in slugs:
        number += 1
        slug = f"{_SLUG}-{number}"
    slugs[slug] = entry.head
    return slug
