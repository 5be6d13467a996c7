# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `ours`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="ours", retries=2, retry_delay_seconds=30)
async def ours_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=run.params["text"],
        model_name=run.params["model_name"],
        classification_service=run.service(services.topics),
    )


@flow(name="ours", log_prints=True)
async def ours(text: str = "?", model_name: str = "acme/urgency-of-tickets") -> Any:
    async with Run("ours", params={"text": text, "model_name": model_name}) as run:
        await run.step("ours", ours_step)
    return run.outcome()


if __name__ == "__main__":
    ours.serve(name="ours")
