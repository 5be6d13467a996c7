# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `other_owner`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="other_owner", retries=2, retry_delay_seconds=30)
async def other_owner_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=run.params["text"],
        model_name=run.params["model_name"],
        classification_service=run.service(services.topics),
    )


@flow(name="other_owner", log_prints=True)
async def other_owner(
    text: str = "?",
    model_name: str = "emca/ticket-queues-v1",
) -> Any:
    async with Run(
        "other_owner",
        params={"text": text, "model_name": model_name},
    ) as run:
        await run.step("other_owner", other_owner_step)
    return run.outcome()


if __name__ == "__main__":
    other_owner.serve(name="other_owner")
