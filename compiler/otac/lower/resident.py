"""Resident runners: those that tick inside of one run, a window at a time."""

from otac.config.model import RunnerConfig, ScheduleConfig
from otac.diagnostics.diagnostic import Label, error, warning
from otac.diagnostics.edit import How, Reshaping
from otac.lower.context import Context
from otac.lower.project import Resident, Schedule, Step
from otac.lower.requirements import probe_of
from otac.schedules import Interval
from otac.source.document import Span

# Starting a run takes seconds: a shorter interval cannot be served by scheduled runs, nor
# can windows be shorter.
SHORTEST_SCHEDULED = 10.0
SHORTEST_INTERVAL = 0.1
WINDOW_SECONDS = 300.0
# One ticks and one takes over. The others are against the pile of late runs after a worker
# was away, and leave room for some whose processes were lost.
WINDOWS_AT_ONCE = 10


def lower_resident(
    context: Context,
    config: RunnerConfig,
    steps: tuple[Step, ...],
    schedules: tuple[Schedule, ...],
) -> tuple[Resident | None, tuple[Schedule, ...]]:
    """How the runner ticks, and the schedule of its windows.

    None, and the schedules as they are, for a runner each tick of which is a run.
    """
    entries = (config.schedule,) if config.schedules is None else config.schedules
    short = [entry for entry in entries if _is_short(entry)]
    mode = None if config.mode is None else config.mode.value
    if mode == "scheduled":
        _refuse_short(context, short)
    if mode == "scheduled" or (mode is None and not short):
        _warn_of_window(context, config)
        return None, schedules
    if not _is_single(context, config, entries):
        return None, ()
    _warn_of_concurrency(context, config)
    seconds = _interval(context, entries)
    window = _window(context, config, seconds)
    probe = probe_of(steps)
    if not probe and steps and not context.damaged(config.pipe.span):
        _warn_of_runs(context, config, seconds)
    resident = Resident(seconds, window, probe)
    return resident, tuple(_windowed(schedule, window) for schedule in schedules)


def _is_short(entry: ScheduleConfig) -> bool:
    return entry.interval is not None and 0 < entry.interval.value < SHORTEST_SCHEDULED


def _refuse_short(context: Context, short: list[ScheduleConfig]) -> None:
    for entry in short:
        assert entry.interval is not None
        context.report(
            error(
                "OTC318",
                f"an interval of {entry.interval.value:g} s cannot be served by scheduled runs",
                entry.interval.span,
                "starting a Prefect run takes seconds",
                help=f"remove `mode: scheduled`, or write at least {SHORTEST_SCHEDULED:g}",
            )
        )


def _is_single(
    context: Context, config: RunnerConfig, entries: tuple[ScheduleConfig, ...]
) -> bool:
    """Whether one interval is all that starts it; reports what else does."""
    obstacle = _obstacle(config, entries)
    if obstacle is None:
        return True
    place, label, advice = obstacle
    if not context.damaged(config.span):
        reason = _reason(config, entries)
        context.report(
            error(
                "OTC366",
                "a resident runner has one interval, and nothing else starts it",
                place,
                label,
                labels=() if reason.span == place else (reason,),
                help=advice,
            )
        )
    return False


def _reason(config: RunnerConfig, entries: tuple[ScheduleConfig, ...]) -> Label:
    """What makes the runner a resident one."""
    if config.mode is not None:
        return Label(config.mode.span, "this makes it resident")
    interval = next(entry.interval for entry in entries if _is_short(entry))
    assert interval is not None
    return Label(interval.span, "under 10 s, so it stays in one run and ticks inside")


def _obstacle(
    config: RunnerConfig, entries: tuple[ScheduleConfig, ...]
) -> tuple[Span, str, str] | None:
    """A place, what is wrong there and what to do."""
    apart = "move it into a runner of its own"
    for entry in entries:
        for found in (entry.cron, entry.rrule):
            if found is not None:
                return found.span, "a schedule that is not an interval", apart
    intervals = [e.interval for e in entries if e.interval and e.interval.value > 0]
    if len(intervals) > 1:
        return intervals[1].span, "a second interval", apart
    if config.after:
        return config.after[0].span, "another runner would start it", apart
    if config.triggers:
        return config.triggers[0].span, "an event would start it", apart
    if not intervals and config.mode is not None:
        given = next((e.interval for e in entries if e.interval is not None), None)
        if given is not None:
            advice = "write at least 1, such as `60`"
            return given.span, "with 0 it is never started", advice
        return config.mode.span, "it has no interval", "add `interval_seconds`"
    return None


def _warn_of_window(context: Context, config: RunnerConfig) -> None:
    if config.window is not None:
        context.report(
            warning(
                "OTC356",
                "`window_seconds` has no effect here",
                config.window.span,
                "it belongs to `mode: resident`",
                help="remove it",
                proposed=Reshaping(How.WITHOUT, config.window.span),
            )
        )


def _warn_of_concurrency(context: Context, config: RunnerConfig) -> None:
    policy = config.run_policy
    found: list[tuple[str, Span]] = []
    if policy.concurrency_limit is not None and policy.concurrency_limit.value != 1:
        found.append(("concurrency_limit", policy.concurrency_limit.span))
    if policy.collision is not None:
        found.append(("collision", policy.collision.span))
    for key, span in found:
        context.report(
            warning(
                "OTC337",
                f"`{key}` has no effect on a resident runner",
                span,
                "one window ticks at a time, and the next one waits for it",
                help="remove it; to work on several tickets at a time, use `for_each` "
                "with `max_concurrency`",
                proposed=Reshaping(How.WITHOUT, span),
            )
        )


def _interval(context: Context, entries: tuple[ScheduleConfig, ...]) -> float:
    (interval,) = (e.interval for e in entries if e.interval and e.interval.value > 0)
    if interval.value < SHORTEST_INTERVAL:
        context.report(
            warning(
                "OTC367",
                f"an interval of {interval.value:g} s is too short",
                interval.span,
                f"{SHORTEST_INTERVAL:g} s is the shortest, and is used",
                # Older forms have other units.
                help=None
                if interval.written is not None
                else f"write {SHORTEST_INTERVAL:g}",
                suggestion=None
                if interval.written is not None
                else f"{SHORTEST_INTERVAL:g}",
            )
        )
    return max(interval.value, SHORTEST_INTERVAL)


def _window(context: Context, config: RunnerConfig, seconds: float) -> float:
    """The length of a window, which holds at least one tick."""
    if config.window is None:
        # Of the usual length if that fits: whoever sets an interval of an hour and stays
        # resident wants the model loaded, not a window of five minutes.
        return max(WINDOW_SECONDS, seconds)
    window, least = config.window.value, max(SHORTEST_SCHEDULED, seconds)
    if window < least:
        reason = (
            f"its interval is {seconds:g} s"
            if least == seconds
            else "each window is a Prefect run, and starting one takes seconds"
        )
        context.report(
            error(
                "OTC369",
                f"a window of {window:g} s is too short",
                config.window.span,
                reason,
                help=f"write at least {least:g}, or leave it out for "
                f"{max(WINDOW_SECONDS, seconds):g}",
            )
        )
    return max(window, least)


def _warn_of_runs(context: Context, config: RunnerConfig, seconds: float) -> None:
    context.report(
        warning(
            "OTC368",
            f"every tick of runner `{config.id.value}` becomes a Prefect run",
            config.id.span,
            f"none of its steps can `stop()`, so it leaves a run every {seconds:g} s",
            help="let an early step end a tick without work, such as `use: Expression` "
            "with `expression: \"{{ stop('nothing to do') if ... }}\"`",
        )
    )


def _windowed(schedule: Schedule, window: float) -> Schedule:
    match schedule.when:
        case Interval() as interval:
            return schedule._replace(when=interval._replace(seconds=window))
        case _:
            return schedule
