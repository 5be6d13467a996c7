# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `asking`: every 5 minutes."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="classify", retries=2, retry_delay_seconds=30)
async def classify(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ params.text }}"),
        label_map={"*": "Any", "**": Template("{{ params.text }}")},
        classification_service=run.service(services.topics),
    )


@flow(name="asking", log_prints=True)
async def asking(text: str = "an invoice") -> Any:
    async with Run("asking", params={"text": text}) as run:
        await run.step("classify", classify)
    return run.outcome()


if __name__ == "__main__":
    asking.serve(name="asking", interval=300)
