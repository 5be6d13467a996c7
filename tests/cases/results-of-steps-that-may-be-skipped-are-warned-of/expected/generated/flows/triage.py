# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `triage`: started by hand."""

from typing import Any

from otac.components import Classify, Expression
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="topic", retries=2, retry_delay_seconds=30)
async def topic(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ params.text }}"),
        classification_service=run.service(services.topics),
    )


@task(name="certain", retries=2, retry_delay_seconds=30)
async def certain(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="bare", retries=2, retry_delay_seconds=30)
async def bare(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ get_pipe_result('certain') }} {{ get_pipe_result('certain') }}"
        ),
    )


@task(name="asks", retries=2, retry_delay_seconds=30)
async def asks(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="follows", retries=2, retry_delay_seconds=30)
async def follows(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('certain') }}"),
    )


@task(name="later", retries=2, retry_delay_seconds=30)
async def later(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('follows') }}"),
    )


@task(name="default", retries=2, retry_delay_seconds=30)
async def default(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('certain', default=0) }}"),
    )


@task(name="after", retries=2, retry_delay_seconds=30)
async def after(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('certain') }}"),
    )


@task(name="same", retries=2, retry_delay_seconds=30)
async def same(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('certain') }}"),
    )


@task(name="looks", retries=2, retry_delay_seconds=30)
async def looks(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('certain') }}"),
    )


@task(name="inline", retries=2, retry_delay_seconds=30)
async def inline(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ get_pipe_result('certain') if has_succeeded('certain') else 0 }}"
        ),
    )


@task(name="group.first", retries=2, retry_delay_seconds=30)
async def group_first(run: Run) -> Any:
    return await run.call(Expression, expression=1)


@task(name="group.second", retries=2, retry_delay_seconds=30)
async def group_second(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('first') }}"),
    )


async def group(run: Run) -> None:
    await run.step("first", group_first)
    await run.step("second", group_second)


@task(name="outside", retries=2, retry_delay_seconds=30)
async def outside(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('first') }}"),
    )


@task(name="items", retries=2, retry_delay_seconds=30)
async def items(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ item }}"))


@task(name="all", retries=2, retry_delay_seconds=30)
async def all_step(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('items') }}"),
    )


@flow(name="triage", log_prints=True)
async def triage(text: str = "An invoice", careful: bool = True) -> Any:
    async with Run("triage", params={"text": text, "careful": careful}) as run:
        await run.step("topic", topic)
        await run.step(
            "certain",
            certain,
            when=Template("{{ get_pipe_result('topic', 'confidence') > 0.5 }}"),
        )
        await run.step("bare", bare)
        await run.step(
            "asks",
            asks,
            when=Template("{{ get_pipe_result('certain') > 0 }}"),
        )
        await run.step("follows", follows, depends_on=["certain"])
        await run.step("later", later)
        await run.step("default", default)
        await run.step("after", after, depends_on=["follows"])
        await run.step(
            "same",
            same,
            when=Template("{{ get_pipe_result('topic', 'confidence') > 0.5 }}"),
        )
        await run.step("looks", looks, when=Template("{{ has_succeeded('certain') }}"))
        await run.step("inline", inline)
        await run.step("group", group, when=Template("{{ params.careful }}"))
        await run.step("outside", outside)
        await run.step("items", items, when=Template("{{ item > 1 }}"), for_each=[1, 2])
        await run.step("all", all_step)
    return run.outcome()


if __name__ == "__main__":
    triage.serve(name="triage")
