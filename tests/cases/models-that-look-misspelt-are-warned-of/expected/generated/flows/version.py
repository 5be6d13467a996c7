# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `version`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="version", retries=2, retry_delay_seconds=30)
async def version_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=run.params["text"],
        model_name=run.params["model_name"],
        classification_service=run.service(services.topics),
    )


@flow(name="version", log_prints=True)
async def version(text: str = "?", model_name: str = "acme/ticket-queues-v2") -> Any:
    async with Run("version", params={"text": text, "model_name": model_name}) as run:
        await run.step("version", version_step)
    return run.outcome()


if __name__ == "__main__":
    version.serve(name="version")
