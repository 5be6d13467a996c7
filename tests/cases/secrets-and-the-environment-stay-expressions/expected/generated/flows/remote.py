# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `remote`: started by hand."""

from typing import Any

from otac.runtime import Run, Template
from prefect import flow, task

from acme import count
from generated import services


@task(name="remote", retries=2, retry_delay_seconds=30)
async def remote_step(run: Run) -> Any:
    return await run.call(
        count,
        password=Template("{{ secret('other-password') }}"),
        queue=Template("{{ env.QUEUE }}"),
        helpdesk=run.service(services.helpdesk),
    )


@flow(name="remote", log_prints=True)
async def remote() -> Any:
    async with Run("remote") as run:
        await run.step("remote", remote_step)
    return run.outcome()


if __name__ == "__main__":
    remote.serve(name="remote")
