# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `escalations`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="check_escalations", retries=2, retry_delay_seconds=30)
async def check_escalations(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=Template(
            "{{ get_env('QUEUE_NAM') }} of {{ get_env('OFFICE', default='Berlin') }}"
        ),
        ticket_system=run.service(services.helpdesk),
    )


@task(name="check_escalations_2", retries=2, retry_delay_seconds=30)
async def check_escalations_2(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        queue=Template("{{ env.QUEUE_NAME }}"),
        raise_to=Template("{{ env['RAISE'] }}"),
        dry_run=Template("{{ env.DRY | default(false) }}"),
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="escalations", log_prints=True)
async def escalations() -> Any:
    async with Run("escalations") as run:
        await run.step("check_escalations", check_escalations)
        await run.step("check_escalations_2", check_escalations_2)
    return run.outcome()


if __name__ == "__main__":
    escalations.serve(name="escalations")
