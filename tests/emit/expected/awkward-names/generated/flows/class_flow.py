# Compiled by otac from ../my coding_ latin-1__ type_ ignore.yml. Edit the configuration, then run `otac build`.
"""Runner `class`: started by hand."""

from typing import Any

from otac.runtime import Run as otac_Run
from otac.runtime import Template as otac_Template
from prefect import flow, task

from acme.pipes import Template as TemplateComponent
from acme.pipes import queue as queue_component

QUEUE_DEFAULT: dict[str, Any] = {}
QUEUE_DEFAULT_2: float = float("inf")


@task(name="Run", retries=2, retry_delay_seconds=30)
async def run_step(run: otac_Run) -> Any:
    return await run.call(
        TemplateComponent,
        a=otac_Template("{{ params.run }}"),
        b=run.params["queue"],
    )


@task(name="queue", retries=2, retry_delay_seconds=30)
async def queue_step(run: otac_Run) -> Any:
    return await run.call(queue_component)


@flow(name="class", log_prints=True)
async def class_flow(
    run: str = "nightly",
    Run: str = "",
    Template: str = "",
    queue: dict[str, Any] = QUEUE_DEFAULT,
    QUEUE: float = QUEUE_DEFAULT_2,
) -> Any:
    async with otac_Run(
        "class",
        params={
            "run": run,
            "Run": Run,
            "Template": Template,
            "queue": queue,
            "QUEUE": QUEUE,
        },
    ) as otac_run:
        await otac_run.step("Run", run_step)
        await otac_run.step("queue", queue_step, when=otac_Template("{{ params.Run }}"))
    return otac_run.outcome()


if __name__ == "__main__":
    class_flow.serve(name="class")
