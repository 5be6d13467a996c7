# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `secrets`: started by hand."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run, Template
from prefect import flow, task


@task(name="expression", retries=2, retry_delay_seconds=30)
async def expression(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=[{"auth": "basic"}, {"author": "nobody"}],
    )


@task(name="expression_2", retries=2, retry_delay_seconds=30)
async def expression_2(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ config.client_secret }}"))


@flow(name="secrets", log_prints=True)
async def secrets(api_token: str = "xyz") -> Any:
    async with Run(
        "secrets",
        params={"api_token": api_token},
        config={"client_secret": "s3cret"},
    ) as run:
        await run.step("expression", expression)
        await run.step("expression_2", expression_2)
    return run.outcome()


if __name__ == "__main__":
    secrets.serve(name="secrets")
