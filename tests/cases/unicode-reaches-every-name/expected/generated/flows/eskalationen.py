# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `eskalationen`: started by hand.

Überfällige Anfragen – täglich \U0001f557
"""

from typing import Any

from otac.components import CheckEscalations, Expression
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="check_escalations", retries=2, retry_delay_seconds=30)
async def check_escalations(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue="Büro",
        max_age_hours=Template("{{ params.größe }}"),
        ticket_system=run.service(services.helpdesk),
    )


@task(name="expression", retries=2, retry_delay_seconds=30)
async def expression(run: Run) -> Any:
    return await run.call(
        Expression,
        expression={"名前": Template("{{ params.名前 }}")},
    )


@flow(
    name="eskalationen",
    description="Überfällige Anfragen – täglich \U0001f557",
    log_prints=True,
)
async def eskalationen(größe: int = 1, 名前: str = "x") -> Any:
    async with Run("eskalationen", params={"größe": größe, "名前": 名前}) as run:
        await run.step("check_escalations", check_escalations)
        await run.step("expression", expression)
    return run.outcome()


if __name__ == "__main__":
    eskalationen.serve(name="eskalationen")
