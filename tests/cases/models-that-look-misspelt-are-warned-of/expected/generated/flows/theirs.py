# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `theirs`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="theirs", retries=2, retry_delay_seconds=30)
async def theirs_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=run.params["text"],
        model_name=run.params["model_name"],
        classification_service=run.service(services.topics),
    )


@flow(name="theirs", log_prints=True)
async def theirs(text: str = "?", model_name: str = "beta/urgency-of-tickets") -> Any:
    async with Run("theirs", params={"text": text, "model_name": model_name}) as run:
        await run.step("theirs", theirs_step)
    return run.outcome()


if __name__ == "__main__":
    theirs.serve(name="theirs")
