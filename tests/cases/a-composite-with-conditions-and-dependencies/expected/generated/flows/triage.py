# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `triage`: started by hand.

Routes one ticket
"""

from typing import Any

from otac.components import Classify, CreateTicket, Expression
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="classify", retries=2, retry_delay_seconds=30)
async def classify(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ params.subject }}"),
        classification_service=run.service(services.classifier),
    )


@task(name="certain", retries=2, retry_delay_seconds=30)
async def certain(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('classify', 'label') }}"),
    )


@task(name="open_ticket", retries=2, retry_delay_seconds=30)
async def open_ticket(run: Run) -> Any:
    return await run.call(
        CreateTicket,
        new_ticket={
            "subject": Template("{{ params.subject }}"),
            "queue": {"name": Template("{{ get_pipe_result('certain') }}")},
        },
        ticket_system=run.service(services.helpdesk),
    )


@task(name="never", retries=2, retry_delay_seconds=30)
async def never(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="apology", retries=2, retry_delay_seconds=30)
async def apology(run: Run) -> Any:
    return await run.call(Expression, expression="nobody gets here")


@flow(name="triage", description="Routes one ticket", log_prints=True)
async def triage(subject: str = "My printer is broken", threshold: float = 0.7) -> Any:
    async with Run(
        "triage",
        params={"subject": subject, "threshold": threshold},
    ) as run:
        await run.step("classify", classify)
        await run.step(
            "certain",
            certain,
            when=Template(
                "{{ get_pipe_result('classify', 'confidence') >= params.threshold }}"
            ),
        )
        await run.step("open_ticket", open_ticket, depends_on=["classify", "certain"])
        await run.step("never", never, when=False)
        await run.step("apology", apology, when=True, depends_on=["never"])
    return run.outcome()


if __name__ == "__main__":
    triage.serve(name="triage")
