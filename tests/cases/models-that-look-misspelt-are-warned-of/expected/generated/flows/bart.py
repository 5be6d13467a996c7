# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `bart`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="bart", retries=2, retry_delay_seconds=30)
async def bart_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=run.params["text"],
        model_name=run.params["model_name"],
        classification_service=run.service(services.topics),
    )


@flow(name="bart", log_prints=True)
async def bart(text: str = "?", model_name: str = "acme/topics-en-bart") -> Any:
    async with Run("bart", params={"text": text, "model_name": model_name}) as run:
        await run.step("bart", bart_step)
    return run.outcome()


if __name__ == "__main__":
    bart.serve(name="bart")
