# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `backoff`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="doubled", retries=5, retry_delay_seconds=[10, 20, 40, 80, 160])
async def doubled(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@task(name="bounded", retries=5, retry_delay_seconds=[10, 20, 40, 60, 60])
async def bounded(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@task(name="fractional", retries=3, retry_delay_seconds=[0.1, 0.3, 0.9])
async def fractional(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@task(name="from_the_built_in_delay", retries=2, retry_delay_seconds=[30, 45])
async def from_the_built_in_delay(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@task(name="constant", retries=4, retry_delay_seconds=7)
async def constant(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@task(name="no_retries", retries=0)
async def no_retries(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@task(
    name="more_than_prefect_takes",
    retries=60,
    retry_delay_seconds=[
        1,
        1.1,
        1.21,
        1.331,
        1.4641,
        1.61051,
        1.771561,
        1.948717,
        2.143589,
        2.357948,
        2.593742,
        2.853117,
        3.138428,
        3.452271,
        3.797498,
        4.177248,
        4.594973,
        5.05447,
        5.559917,
        6.115909,
        6.7275,
        7.40025,
        8.140275,
        8.954302,
        9.849733,
        10.834706,
        11.918177,
        13.109994,
        14.420994,
        15.863093,
        17.449402,
        19.194342,
        21.113777,
        23.225154,
        25.54767,
        28.102437,
        30,
        30,
        30,
        30,
        30,
        30,
        30,
        30,
        30,
        30,
        30,
        30,
        30,
        30,
    ],
)
async def more_than_prefect_takes(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="backoff", log_prints=True)
async def backoff() -> Any:
    async with Run("backoff") as run:
        await run.step("doubled", doubled)
        await run.step("bounded", bounded)
        await run.step("fractional", fractional)
        await run.step("from_the_built_in_delay", from_the_built_in_delay)
        await run.step("constant", constant)
        await run.step("no_retries", no_retries)
        await run.step("more_than_prefect_takes", more_than_prefect_takes)
    return run.outcome()


if __name__ == "__main__":
    backoff.serve(name="backoff")
