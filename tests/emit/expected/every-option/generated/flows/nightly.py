# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `nightly`: on cron `0 2 * * *` (Europe/Berlin), on cron `0 3 1 * 1` (UTC,
inactive), every 12.5 seconds, on rrule `FREQ=DAILY;BYHOUR=8` (UTC).

Cleans up.
"""

from typing import Any

from otac.runtime import Run, Template, notify
from prefect import flow, task
from prefect.schedules import Cron, Interval, RRule

from acme.hooks import load as load_hook
from acme.hooks import on_failure
from acme.pipes import Close, load, tell
from acme.reports import Report

QUEUES: list[Any] = ["Incoming", "Returns"]
notify_ops = notify(
    "slack",
    url=Template("{{ secret('ops') }}"),
    subject="{{ flow.name }} needs you",
    message="Look at the log.",
)


@task(
    name="load",
    tags=["database"],
    retries=5,
    retry_delay_seconds=1.5,
    retry_jitter_factor=0.5,
    timeout_seconds=0.5,
)
async def load_step(run: Run) -> Any:
    return await run.call(load, limit=run.params["limit"], queues=run.params["queues"])


@task(name="clean.old.close", retries=2, retry_delay_seconds=30)
async def clean_old_close(run: Run) -> Any:
    return await run.call(Close)


async def clean_old(run: Run) -> None:
    await run.step("close", clean_old_close)


@task(name="clean.report", retries=2, retry_delay_seconds=30)
async def clean_report(run: Run) -> Any:
    return await run.call(Report.weekly)


async def clean(run: Run) -> None:
    await run.step("old", clean_old, when=True, config={"days": 30})
    await run.step("report", clean_report)


@task(name="tell", retries=0)
async def tell_step(run: Run) -> Any:
    return await run.call(tell, to=["ops"], **{"from": "otac", "x-priority": 1})


@flow(
    name="nightly",
    description="Cleans up.\n\nAnd tells what it did: {{ flow.name }}.",
    retries=2,
    persist_result=True,
    timeout_seconds=3600,
    on_completion=[load_hook],
    on_failure=[notify_ops, on_failure],
    on_crashed=[notify_ops],
    log_prints=True,
)
async def nightly(
    limit: int = 100,
    queues: list[Any] = QUEUES,
    ratio: float = 0.5,
    owner: str | None = None,
    note: str = "{{ not.for.prefect }}",
) -> Any:
    async with Run(
        "nightly",
        params={
            "limit": limit,
            "queues": queues,
            "ratio": ratio,
            "owner": owner,
            "note": note,
        },
        config={"limit": limit, "where": Template("{{ env.PLACE }}")},
    ) as run:
        await run.step("load", load_step)
        await run.step(
            "clean",
            clean,
            depends_on=["load"],
            config={"threshold": Template("{{ params.limit / 10 }}"), "queues": queues},
        )
        await run.step(
            "tell",
            tell_step,
            when=Template("{{ has_failed('clean') }}"),
            for_each=["a", "b"],
            after_failure=True,
        )
    return run.outcome()


if __name__ == "__main__":
    nightly.serve(
        name="nightly",
        schedules=[
            Cron("0 2 * * *", timezone="Europe/Berlin"),
            Cron(
                "0 3 1 * 1",
                day_or=False,
                active=False,
                parameters={"limit": 5, "note": "{{ left.out }}"},
            ),
            Interval(12.5, timezone="Europe/Berlin"),
            RRule("FREQ=DAILY;BYHOUR=8", timezone="UTC"),
        ],
    )
