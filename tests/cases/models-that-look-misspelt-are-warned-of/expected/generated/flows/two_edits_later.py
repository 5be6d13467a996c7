# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `two_edits_later`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run
from prefect import flow, task

from generated import services


@task(name="two_edits_later", retries=2, retry_delay_seconds=30)
async def two_edits_later_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=run.params["text"],
        model_name=run.params["model_name"],
        classification_service=run.service(services.topics),
    )


@flow(name="two_edits_later", log_prints=True)
async def two_edits_later(
    text: str = "?",
    model_name: str = "acme/sentiment-multilingaul-",
) -> Any:
    async with Run(
        "two_edits_later",
        params={"text": text, "model_name": model_name},
    ) as run:
        await run.step("two_edits_later", two_edits_later_step)
    return run.outcome()


if __name__ == "__main__":
    two_edits_later.serve(name="two_edits_later")
