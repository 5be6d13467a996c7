# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `hostile`: on cron `0 6 * * *` (UTC).

\"\"\" \\ ''' {{ description }} \u202ereversed\u202c \U0001f98a '; import os; '
"""

from typing import Any

from otac.components import Classify, Expression, FetchTickets
from otac.runtime import Run, Template
from prefect import flow, task
from prefect.schedules import Cron

from generated import services

MAPPING: dict[str, Any] = {'"""': ["\\", "'; import os; '"]}


@task(name="quotes", retries=2, retry_delay_seconds=30)
async def quotes(run: Run) -> Any:
    return await run.call(Expression, expression="\"\"\"'''\\\"\\'")


@task(name="braces", retries=2, retry_delay_seconds=30)
async def braces(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ '{{' }} {{ \"}}\" }} {single} }} %} #}"),
    )


@task(name="code", retries=2, retry_delay_seconds=30)
async def code(run: Run) -> Any:
    return await run.call(
        Expression,
        expression="'); __import__('os').system('true'); ('",
    )


@task(name="keys", retries=2, retry_delay_seconds=30)
async def keys(run: Run) -> Any:
    return await run.call(
        Expression,
        expression={
            "__import__('os')": "**{}",
            '"""': {"\\": ["\u202e", "\U0001f98a", "\x00", Template("{# gone #}")]},
        },
    )


@task(name="long", retries=2, retry_delay_seconds=30)
async def long(run: Run) -> Any:
    return await run.call(
        Expression,
        expression="a very long line that has to be broken somewhere because it is wider than what formatters leave alone, and a \\ at the end\\",
    )


@task(name="lines", retries=2, retry_delay_seconds=30)
async def lines(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template(
            'first "line"\nsecond \'line\' \\\n  third {{ "line" }} """\n'
        ),
    )


@task(name="tickets", retries=2, retry_delay_seconds=30)
async def tickets(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"limit": 1},
        ticket_system=run.service(services.helpdesk),
    )


@task(name="labels", retries=2, retry_delay_seconds=30)
async def labels(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template("{{ config.config_text }}\\{{ '\\\\' }}"),
        labels={'"""': "\\", "\u202e": "'; import os; '"},
        classification_service=run.service(services.classifier),
    )


@flow(
    name="hostile",
    description="\"\"\" \\ ''' {{ description }} \u202ereversed\u202c \U0001f98a '; import os; '",
    log_prints=True,
)
async def hostile(
    text: str = '"""\\\'\x00\n\r\t\x1b\x7f\x85\u2028\u202e\U0001f98a',
    naïve: str = "ünïcödé",
    mapping: dict[str, Any] = MAPPING,
) -> Any:
    async with Run(
        "hostile",
        params={"text": text, "naïve": naïve, "mapping": mapping},
        config={"config_text": Template('""" {{ \'"""\' }} \\')},
    ) as run:
        await run.step("quotes", quotes)
        await run.step("braces", braces)
        await run.step("code", code)
        await run.step("keys", keys)
        await run.step("long", long)
        await run.step("lines", lines)
        await run.step("tickets", tickets)
        await run.step("labels", labels)
    return run.outcome()


if __name__ == "__main__":
    hostile.serve(
        name="hostile",
        schedule=Cron(
            "0 6 * * *",
            parameters={"text": '\'; import os; \'"""\\\u202e\U0001f98a'},
        ),
    )
