# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `two_edits`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="two_edits", retries=2, retry_delay_seconds=30)
async def two_edits_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=run.params["text"],
        model_name=run.params["model_name"],
        classification_service=run.service(services.topics),
    )


@flow(name="two_edits", log_prints=True)
async def two_edits(
    text: str = "?",
    model_name: str = "acme/sentiment-multilingual",
) -> Any:
    async with Run("two_edits", params={"text": text, "model_name": model_name}) as run:
        await run.step("two_edits", two_edits_step)
    return run.outcome()


if __name__ == "__main__":
    two_edits.serve(name="two_edits")
