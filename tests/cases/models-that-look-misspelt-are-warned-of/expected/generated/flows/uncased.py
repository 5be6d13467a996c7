# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `uncased`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="uncased", retries=2, retry_delay_seconds=30)
async def uncased_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=run.params["text"],
        model_name=run.params["model_name"],
        classification_service=run.service(services.topics),
    )


@flow(name="uncased", log_prints=True)
async def uncased(text: str = "?", model_name: str = "bert-base-uncased") -> Any:
    async with Run("uncased", params={"text": text, "model_name": model_name}) as run:
        await run.step("uncased", uncased_step)
    return run.outcome()


if __name__ == "__main__":
    uncased.serve(name="uncased")
