# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `other_case`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="topic", retries=2, retry_delay_seconds=30)
async def topic(run: Run) -> Any:
    return await run.call(
        Classify,
        text="?",
        model_name=Template("{{ params.model }}"),
        classification_service=run.service(services.topics),
    )


@flow(name="other_case", log_prints=True)
async def other_case(model: str = "Acme/Ticket-Queues-v1") -> Any:
    async with Run("other_case", params={"model": model}) as run:
        await run.step("topic", topic)
    return run.outcome()


if __name__ == "__main__":
    other_case.serve(name="other_case")
