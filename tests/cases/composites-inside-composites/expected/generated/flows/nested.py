# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `nested`: started by hand."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run, Template
from prefect import flow, task


@task(name="outer.limit", retries=2, retry_delay_seconds=30)
async def outer_limit(run: Run) -> Any:
    return await run.call(Expression, expression=10)


@task(name="outer.inner.text", retries=2, retry_delay_seconds=30)
async def outer_inner_text(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ get_parent_param('greeting') }} {{ parent.params.name }} {{ config.shout }}"
        ),
    )


@task(name="outer.inner.expression", retries=2, retry_delay_seconds=30)
async def outer_inner_expression(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ get_pipe_result('text') }} {{ get_pipe_result('limit') }}"
        ),
    )


async def outer_inner(run: Run) -> None:
    await run.step("text", outer_inner_text)
    await run.step("expression", outer_inner_expression)


@task(name="outer.after", retries=2, retry_delay_seconds=30)
async def outer_after(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('text') }}"),
    )


async def outer(run: Run) -> None:
    await run.step("limit", outer_limit)
    await run.step("inner", outer_inner, config={"shout": True})
    await run.step("after", outer_after)


@task(name="other.limit", retries=2, retry_delay_seconds=30)
async def other_limit(run: Run) -> Any:
    return await run.call(Expression, expression=20)


async def other(run: Run) -> None:
    await run.step("limit", other_limit)


@task(name="expression", retries=2, retry_delay_seconds=30)
async def expression(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ get_pipe_result('outer.limit') }} {{ get_pipe_result('other.limit') }} {{ get_pipe_result('inner.text') }}"
        ),
    )


@task(name="expression_2", retries=2, retry_delay_seconds=30)
async def expression_2(run: Run) -> Any:
    return await run.call(Expression, expression="done")


@flow(name="nested", log_prints=True)
async def nested() -> Any:
    async with Run("nested", config={"greeting": "Hello"}) as run:
        await run.step(
            "outer",
            outer,
            config={"name": Template("{{ config.greeting }}, world")},
        )
        await run.step("other", other)
        await run.step("expression", expression)
        await run.step("expression_2", expression_2, depends_on=["outer.inner.text"])
    return run.outcome()


if __name__ == "__main__":
    nested.serve(name="nested")
