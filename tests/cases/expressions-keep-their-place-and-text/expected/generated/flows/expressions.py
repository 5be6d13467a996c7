# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `expressions`: started by hand."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run, Template
from prefect import flow, task

TICKETS: list[Any] = [{"id": 1, "open": True}, {"id": 2, "open": False}]


@task(name="value", retries=2, retry_delay_seconds=30)
async def value(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ params.tickets | selectattr('open') | map(attribute='id') | list }}"
        ),
    )


@task(name="text", retries=2, retry_delay_seconds=30)
async def text(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "Hello {{ params.name }}, you have {{ get_pipe_result('value') | length }} tickets."
        ),
    )


@task(name="block", retries=2, retry_delay_seconds=30)
async def block(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{% for ticket in params.tickets -%}\n"
            "{{ loop.index }}. {{ ticket.id }}\n"
            "{% endfor %}\n"
        ),
    )


@task(name="folded", retries=2, retry_delay_seconds=30)
async def folded(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ params.name\n   | upper }}"),
    )


@task(name="inside", retries=2, retry_delay_seconds=30)
async def inside(run: Run) -> Any:
    return await run.call(
        Expression,
        expression={
            "list": [
                Template("{{ params.get('missing', 0) }}"),
                "plain",
                3,
                {"deep": Template("{{ params.name }}")},
            ],
            "key {{ not an expression }}": "value",
        },
    )


@task(name="number_as_text", retries=2, retry_delay_seconds=30)
async def number_as_text(run: Run) -> Any:
    return await run.call(Expression, expression="12345")


@task(name="none_as_text", retries=2, retry_delay_seconds=30)
async def none_as_text(run: Run) -> Any:
    return await run.call(Expression, expression="None")


@task(name="raw", retries=2, retry_delay_seconds=30)
async def raw(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{% raw %}{{ kept }}{% endraw %}"),
    )


@task(name="safe", retries=2, retry_delay_seconds=30)
async def safe(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ get_pipe_result('value', default=[]) or params.get('missing', 'nothing') }}"
        ),
    )


@task(name="nested", retries=2, retry_delay_seconds=30)
async def nested(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            "{{ nest_at(get_at(get_pipe_result('inside'), 'value.list'), 'a.b') }}"
        ),
    )


@flow(name="expressions", log_prints=True)
async def expressions(name: str = "World", tickets: list[Any] = TICKETS) -> Any:
    async with Run("expressions", params={"name": name, "tickets": tickets}) as run:
        await run.step("value", value)
        await run.step("text", text)
        await run.step("block", block)
        await run.step("folded", folded)
        await run.step("inside", inside)
        await run.step("number_as_text", number_as_text)
        await run.step("none_as_text", none_as_text)
        await run.step("raw", raw)
        await run.step("safe", safe)
        await run.step("nested", nested)
    return run.outcome()


if __name__ == "__main__":
    expressions.serve(name="expressions")
