# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `Run`: started by hand."""

from typing import Any

from otac.components import Classify, Expression
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="class", retries=2, retry_delay_seconds=30)
async def class_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ params.run }}"),
        classification_service=run.service(services.class_service),
    )


@task(name="import", retries=2, retry_delay_seconds=30)
async def import_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ params.task }}"),
        classification_service=run.service(services.my_service_v2),
    )


@task(name="run", retries=2, retry_delay_seconds=30)
async def run_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ params.flow }}"),
        classification_service=run.service(services.service_1),
    )


@task(name="services", retries=2, retry_delay_seconds=30)
async def services_step(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ params.template }}"),
        classification_service=run.service(services.build_service),
    )


@task(name="Run", retries=2, retry_delay_seconds=30)
async def run_step_2(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('class', 'label') }}"),
    )


@task(name="a-b", retries=2, retry_delay_seconds=30)
async def a_b(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="a_b", retries=2, retry_delay_seconds=30)
async def a_b_step(run: Run) -> Any:
    return await run.call(Expression, expression=2)


@task(name="a.b", retries=2, retry_delay_seconds=30)
async def a_b_step_2(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('a-b') }}"),
    )


@task(name="2nd", retries=2, retry_delay_seconds=30)
async def step_2nd(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('a_b') }}"),
    )


@task(name="_", retries=2, retry_delay_seconds=30)
async def step(run: Run) -> Any:
    return await run.call(Expression, expression=3)


@task(name="Expression", retries=2, retry_delay_seconds=30)
async def expression(run: Run) -> Any:
    return await run.call(Expression, expression=4)


@task(name="print", retries=2, retry_delay_seconds=30)
async def print_step(run: Run) -> Any:
    return await run.call(Expression, expression=5)


@task(name="match.match", retries=2, retry_delay_seconds=30)
async def match_match(run: Run) -> Any:
    return await run.call(Expression, expression=6)


async def match_step(run: Run) -> None:
    await run.step("match", match_match)


@task(name="match_match", retries=2, retry_delay_seconds=30)
async def match_match_step(run: Run) -> Any:
    return await run.call(Expression, expression=7)


@flow(name="Run", log_prints=True)
async def run_flow(
    run: int = 1,
    task: int = 2,
    flow: int = 3,
    template: int = 4,
    any: int = 5,
) -> Any:
    async with Run(
        "Run",
        params={
            "run": run,
            "task": task,
            "flow": flow,
            "template": template,
            "any": any,
        },
    ) as otac_run:
        await otac_run.step("class", class_step)
        await otac_run.step("import", import_step)
        await otac_run.step("run", run_step)
        await otac_run.step("services", services_step)
        await otac_run.step("Run", run_step_2)
        await otac_run.step("a-b", a_b)
        await otac_run.step("a_b", a_b_step)
        await otac_run.step("a.b", a_b_step_2)
        await otac_run.step("2nd", step_2nd)
        await otac_run.step("_", step)
        await otac_run.step("Expression", expression)
        await otac_run.step("print", print_step)
        await otac_run.step("match", match_step)
        await otac_run.step("match_match", match_match_step)
    return otac_run.outcome()


if __name__ == "__main__":
    run_flow.serve(name="Run")
