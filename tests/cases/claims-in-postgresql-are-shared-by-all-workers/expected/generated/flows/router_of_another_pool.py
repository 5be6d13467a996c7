# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `router_of_another_pool`: every 5 minutes."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="router_of_another_pool", retries=2, retry_delay_seconds=30)
async def router_of_another_pool_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="router_of_another_pool", log_prints=True)
async def router_of_another_pool() -> Any:
    async with Run("router_of_another_pool") as run:
        await run.step("router_of_another_pool", router_of_another_pool_step)
    return run.outcome()


if __name__ == "__main__":
    router_of_another_pool.serve(name="router_of_another_pool", interval=300)
