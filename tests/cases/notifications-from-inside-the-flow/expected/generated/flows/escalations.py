# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `escalations`: started by hand."""

from typing import Any

from otac.components import CheckEscalations
from otac.runtime import Run, Template, notify
from prefect import flow, task

from generated import services

notify_good_news = notify(
    "apprise",
    url=Template("{{ variable('apprise_url') }}"),
    subject="All well",
    message="Nothing is overdue.",
)
notify_only_by_name = notify("slack", block="on-call")
notify_ops = notify("webhook", url=Template("{{ env.OPS_WEBHOOK }}"))


@task(name="escalations", retries=2, retry_delay_seconds=30)
async def escalations_step(run: Run) -> Any:
    return await run.call(
        CheckEscalations,
        ticket_system=run.service(services.helpdesk),
    )


@flow(
    name="escalations",
    on_completion=[notify_good_news],
    on_failure=[notify_only_by_name, notify_ops],
    on_crashed=[notify_ops],
    log_prints=True,
)
async def escalations() -> Any:
    async with Run("escalations") as run:
        await run.step("escalations", escalations_step)
    return run.outcome()


if __name__ == "__main__":
    escalations.serve(name="escalations")
