# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `routing`: every minute."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run, Template
from prefect import flow, task


@task(name="first.classify", retries=2, retry_delay_seconds=30)
async def first_classify(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ config.queue }}"))


@task(name="first.move", retries=2, retry_delay_seconds=30)
async def first_move(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ config.queue }}"))


@task(name="first.move_to_error", retries=2, retry_delay_seconds=30)
async def first_move_to_error(run: Run) -> Any:
    return await run.call(Expression, expression="error")


@task(name="first.tell", retries=2, retry_delay_seconds=30)
async def first_tell(run: Run) -> Any:
    return await run.call(Expression, expression="told")


@task(name="first.retell", retries=2, retry_delay_seconds=30)
async def first_retell(run: Run) -> Any:
    return await run.call(Expression, expression="told")


async def first(run: Run) -> None:
    await run.step("classify", first_classify, on_error="fail_at_end")
    await run.step("move", first_move, on_error="fail_at_end")
    await run.step(
        "move_to_error",
        first_move_to_error,
        when=Template("{{ has_failed('move') and config.move_on_error }}"),
        on_error="fail_at_end",
        after_failure=True,
    )
    await run.step(
        "tell",
        first_tell,
        when=Template("{{ has_failed('move') and config.queue }}"),
        depends_on=["move"],
        on_error="fail_at_end",
        after_failure=True,
    )
    await run.step(
        "retell",
        first_retell,
        when=Template("{{ has_failed('move') or config.queue }}"),
        depends_on=["move"],
        on_error="fail_at_end",
        after_failure=True,
    )


@task(name="second.classify", retries=2, retry_delay_seconds=30)
async def second_classify(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ config.queue }}"))


@task(name="second.move", retries=2, retry_delay_seconds=30)
async def second_move(run: Run) -> Any:
    return await run.call(Expression, expression=Template("{{ config.queue }}"))


@task(name="second.move_to_error", retries=2, retry_delay_seconds=30)
async def second_move_to_error(run: Run) -> Any:
    return await run.call(Expression, expression="error")


@task(name="second.tell", retries=2, retry_delay_seconds=30)
async def second_tell(run: Run) -> Any:
    return await run.call(Expression, expression="told")


@task(name="second.retell", retries=2, retry_delay_seconds=30)
async def second_retell(run: Run) -> Any:
    return await run.call(Expression, expression="told")


async def second(run: Run) -> None:
    await run.step("classify", second_classify, on_error="fail_at_end")
    await run.step("move", second_move, on_error="fail_at_end")
    await run.step(
        "move_to_error",
        second_move_to_error,
        when=False,
        on_error="fail_at_end",
    )
    await run.step(
        "tell",
        second_tell,
        when=Template("{{ has_failed('move') and config.queue }}"),
        depends_on=["move"],
        on_error="fail_at_end",
        after_failure=True,
    )
    await run.step(
        "retell",
        second_retell,
        when=Template("{{ has_failed('move') or config.queue }}"),
        depends_on=["move"],
        on_error="fail_at_end",
        after_failure=True,
    )


@flow(name="routing", log_prints=True)
async def routing() -> Any:
    async with Run("routing") as run:
        await run.step(
            "first",
            first,
            on_error="fail_at_end",
            config={"queue": "a", "move_on_error": True},
        )
        await run.step("second", second, on_error="fail_at_end", config={"queue": "b"})
    return run.outcome()


if __name__ == "__main__":
    routing.serve(name="routing", interval=60)
