# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `triage`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="check_escalations", retries=2, retry_delay_seconds=30)
async def check_escalations(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        priorities=["# otac: ignore", "4 high", Template("{{ env.HIGHEST }}")],
        ticket_system=run.service(services.ticket_system),
    )


@flow(name="triage", log_prints=True)
async def triage() -> Any:
    async with Run(
        "triage",
        config={
            "timeout_second": 5,
            "retrys": 1,
            "text": "no # otac: ignore[OTC334] here",
            "password": "a text of two lines",
            "api_key": "# otac: ignore[OTC334]\ntext\n",
        },
    ) as run:
        await run.step("check_escalations", check_escalations)
    return run.outcome()


if __name__ == "__main__":
    triage.serve(name="triage")
