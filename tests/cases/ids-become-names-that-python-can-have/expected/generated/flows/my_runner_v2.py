# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `my-runner.v2`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="my-runner.v2", retries=2, retry_delay_seconds=30)
async def my_runner_v2_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=run.params["queue"],
        ticket_system=run.service(services.email),
    )


@flow(name="my-runner.v2", log_prints=True)
async def my_runner_v2(queue: str = "Sales") -> Any:
    async with Run("my-runner.v2", params={"queue": queue}) as run:
        await run.step("my-runner.v2", my_runner_v2_step)
    return run.outcome()


if __name__ == "__main__":
    my_runner_v2.serve(name="my-runner.v2")
