"""The schedules of a runner."""

from datetime import UTC, datetime

from otac.config.model import Located, ParameterConfig, RunnerConfig, ScheduleConfig
from otac.diagnostics.diagnostic import Label, error, warning
from otac.diagnostics.suggest import nearest
from otac.lower import cron, rrule
from otac.lower.context import Context
from otac.lower.project import Cron, Interval, Literal, Parameter, RRule, Schedule
from otac.lower.timezones import timezones
from otac.lower.values import lower_value
from otac.source.document import Json
from otac.source.span import Span

# Prefect takes the moment of the deployment where there is none, so that the phase would
# change with every deployment.
ANCHOR = "2025-01-01T00:00:00+00:00"
# Starting a run takes seconds: a shorter interval cannot be served by scheduled runs.
SHORTEST_INTERVAL = 10.0


def lower_schedules(
    context: Context, runner: RunnerConfig, parameters: tuple[Parameter, ...]
) -> tuple[Schedule, ...]:
    """The schedules, each with a slug of its own."""
    own = runner.schedule
    given = _kinds(own)
    if runner.schedules is None:
        entries: tuple[ScheduleConfig, ...] = (own,) if given else ()
        _check_strays(context, own, bool(given))
    else:
        entries = runner.schedules
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
    schedules: list[Schedule] = []
    slugs: dict[str, Span] = {}
    for entry in entries:
        schedule = _schedule(context, entry, parameters, slugs)
        if schedule is not None:
            schedules.append(schedule)
    return tuple(schedules)


def _kinds(entry: ScheduleConfig) -> list[tuple[str, Span]]:
    pairs = (
        ("interval_seconds", entry.interval),
        ("cron", entry.cron),
        ("rrule", entry.rrule),
    )
    return [(name, found.span) for name, found in pairs if found is not None]


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
        slug=_slug(context, entry, given[0][0], slugs),
        active=entry.active is None or entry.active.value,
        parameters=_parameters(context, entry.parameters, parameters),
    )


def _when(context: Context, entry: ScheduleConfig) -> Interval | Cron | RRule | None:
    timezone = _timezone(context, entry.timezone)
    if entry.interval is not None:
        return _interval(context, entry, entry.interval, timezone)
    _refuse(context, entry.anchor_date, "anchor_date", "interval_seconds")
    if entry.cron is not None:
        problem = cron.problem(entry.cron.value)
        if problem is not None:
            context.report(
                error("OTC314", problem.message, entry.cron.span, problem.reason)
            )
            return None
        day_or = entry.day_or is None or entry.day_or.value
        return Cron(" ".join(entry.cron.value.split()), timezone, day_or)
    _refuse(context, entry.day_or, "day_or", "cron")
    if entry.rrule is None:
        return None
    reason = rrule.problem(entry.rrule.value)
    if reason is not None:
        context.report(
            error("OTC315", "`rrule` is no recurrence rule", entry.rrule.span, reason)
        )
        return None
    return RRule(entry.rrule.value, timezone)


def _interval(
    context: Context,
    entry: ScheduleConfig,
    interval: Located[float],
    timezone: str | None,
) -> Interval | None:
    _refuse(context, entry.day_or, "day_or", "cron")
    anchor = (
        ANCHOR if entry.anchor_date is None else _anchor(context, entry.anchor_date)
    )
    if interval.value == 0:
        return None
    if interval.value < SHORTEST_INTERVAL:
        context.report(
            error(
                "OTC318",
                f"an interval of {interval.value:g} s cannot be served by scheduled runs",
                interval.span,
                "starting a Prefect run takes seconds",
                help=f"write at least {SHORTEST_INTERVAL:g}; resident runners, which tick "
                "inside one run, are not compiled by this version",
            )
        )
        return None
    return Interval(interval.value, anchor, timezone)


def _anchor(context: Context, anchor: Located[str]) -> str:
    try:
        instant = datetime.fromisoformat(anchor.value)
    except ValueError:
        context.report(
            error(
                "OTC319",
                "`anchor_date` is no date",
                anchor.span,
                "expected a date such as `2026-01-01T00:00:00Z`",
            )
        )
        return ANCHOR
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.isoformat()


def _timezone(context: Context, timezone: Located[str] | None) -> str | None:
    if timezone is None:
        return None
    if timezone.value not in timezones():
        similar = nearest(timezone.value, timezones())
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


def _check_strays(context: Context, own: ScheduleConfig, scheduled: bool) -> None:
    """Keys of a schedule where there is none."""
    if not scheduled:
        _refuse(context, own.timezone, "timezone", "cron")
        _refuse(context, own.day_or, "day_or", "cron")
        _refuse(context, own.anchor_date, "anchor_date", "interval_seconds")


def _refuse(
    context: Context, found: Located[str] | Located[bool] | None, key: str, owner: str
) -> None:
    if found is not None:
        context.report(
            warning(
                "OTC356",
                f"`{key}` has no effect here",
                found.span,
                f"it belongs to `{owner}`",
                help=f"remove it, or add `{owner}`",
            )
        )


def _slug(
    context: Context, entry: ScheduleConfig, key: str, slugs: dict[str, Span]
) -> str:
    """The given slug, or the kind of schedule with a number where it repeats.

    Not made from the schedule's values: Prefect knows a schedule again by its slug, and a
    changed interval must replace the old schedule.
    """
    if entry.slug is not None:
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
        slugs[slug] = entry.slug.span
        return slug
    base = key.removesuffix("_seconds")
    slug, number = base, 1
    while slug in slugs:
        number += 1
        slug = f"{base}-{number}"
    slugs[slug] = entry.head
    return slug


def _parameters(
    context: Context,
    given: tuple[ParameterConfig, ...],
    declared: tuple[Parameter, ...],
) -> tuple[tuple[str, Json], ...]:
    names = [parameter.name for parameter in declared]
    values: list[tuple[str, Json]] = []
    for parameter in given:
        value = lower_value(parameter.value)
        if parameter.name not in names:
            similar = nearest(parameter.name, names)
            context.report(
                error(
                    "OTC321",
                    f"the runner has no parameter `{parameter.name}`",
                    parameter.key.span,
                    "not one of the runner's `parameters`",
                    help=f"did you mean `{similar}`?"
                    if similar
                    else "declare it under the runner's `parameters`",
                    suggestion=similar,
                )
            )
        elif not isinstance(value, Literal):
            context.report(
                error(
                    "OTC361",
                    f"parameter `{parameter.name}` of a schedule is an expression",
                    parameter.value.span,
                    "Prefect stores it as it stands; nothing would render it",
                    help="write the value itself",
                )
            )
        else:
            values.append((parameter.name, value.data))
    return tuple(values)
