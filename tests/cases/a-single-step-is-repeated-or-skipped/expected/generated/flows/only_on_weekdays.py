# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `only_on_weekdays`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="only_on_weekdays.check_escalations", retries=2, retry_delay_seconds=30)
async def only_on_weekdays_check_escalations(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


async def only_on_weekdays_step(run: Run) -> None:
    await run.step("check_escalations", only_on_weekdays_check_escalations)


@flow(name="only_on_weekdays", log_prints=True)
async def only_on_weekdays() -> Any:
    async with Run("only_on_weekdays") as run:
        await run.step(
            "only_on_weekdays",
            only_on_weekdays_step,
            when=Template("{{ now().weekday() < 5 }}"),
        )
    return run.outcome()


if __name__ == "__main__":
    only_on_weekdays.serve(name="only_on_weekdays")
