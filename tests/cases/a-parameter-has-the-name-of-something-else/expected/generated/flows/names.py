# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `names`: started by hand."""

from typing import Any

from otac.components import Expression as ExpressionComponent
from otac.runtime import Run, Template
from prefect import flow, task


@task(name="any_expression", retries=2, retry_delay_seconds=30)
async def any_expression(run: Run) -> Any:
    return await run.call(
        ExpressionComponent,
        expression=[
            Template("{{ params.dict }}"),
            Template("{{ params.Any }}"),
            Template("{{ params.flow }}"),
            Template("{{ params.names }}"),
            Template("{{ params.Expression }}"),
        ],
    )


@flow(name="names", log_prints=True)
async def names_flow(
    dict: int = 1,
    Any: int = 2,
    flow: int = 3,
    names: int = 4,
    Expression: int = 5,
) -> Any:
    async with Run(
        "names",
        params={
            "dict": dict,
            "Any": Any,
            "flow": flow,
            "names": names,
            "Expression": Expression,
        },
    ) as run:
        await run.step("any_expression", any_expression)
    return run.outcome()


if __name__ == "__main__":
    names_flow.serve(name="names")
