# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `shouting`: started by hand."""

from typing import Any

from otac.runtime import Run
from prefect import flow, task

from acme_local import shout


@task(name="shouting", retries=2, retry_delay_seconds=30)
async def shouting_step(run: Run) -> Any:
    return await run.call(
        shout,
        text=run.params["text"],
        loudness=run.params["loudness"],
    )


@flow(name="shouting", log_prints=True)
async def shouting(text: str = "hello", loudness: int = 3) -> Any:
    async with Run("shouting", params={"text": text, "loudness": loudness}) as run:
        await run.step("shouting", shouting_step)
    return run.outcome()


if __name__ == "__main__":
    shouting.serve(name="shouting")
