# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `cased`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="cased", retries=2, retry_delay_seconds=30)
async def cased_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=run.params["text"],
        model_name=run.params["model_name"],
        classification_service=run.service(services.topics),
    )


@flow(name="cased", log_prints=True)
async def cased(text: str = "?", model_name: str = "bert-base-cased") -> Any:
    async with Run("cased", params={"text": text, "model_name": model_name}) as run:
        await run.step("cased", cased_step)
    return run.outcome()


if __name__ == "__main__":
    cased.serve(name="cased")
