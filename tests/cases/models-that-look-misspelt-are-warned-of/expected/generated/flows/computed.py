# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `computed`: started by hand."""

from typing import Any

from otac.components import Classify
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="computed", retries=2, retry_delay_seconds=30)
async def computed_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=run.params["text"],
        model_name=Template("{{ get_env('MODEL', default='acme/verdict') }}"),
        classification_service=run.service(services.topics),
    )


@flow(name="computed", log_prints=True)
async def computed(text: str = "?") -> Any:
    async with Run("computed", params={"text": text}) as run:
        await run.step("computed", computed_step)
    return run.outcome()


if __name__ == "__main__":
    computed.serve(name="computed")
