# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `route`: started by hand."""

from typing import Any

from otac.components import AddNote, Classify, Expression, FetchTickets
from otac.runtime import Late, Run, Template
from prefect import flow, task

from generated import services


@task(name="fetch", retries=2, retry_delay_seconds=30)
async def fetch(run: Run) -> Any:
    return await run.call(
        FetchTickets,
        ticket_search_criteria={"queue": {"name": "Raw"}, "limit": 1},
        ticket_system=run.service(services.desk),
    )


@task(name="queue.classify", retries=2, retry_delay_seconds=30)
async def queue_classify(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template(
            "{{ (get_pipe_result('fetch', 'fetched_tickets') | first).subject }}"
        ),
        classification_service=run.service(services.model),
    )


@task(name="queue.decide", retries=2, retry_delay_seconds=30)
async def queue_decide(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('classify', 'label') }}"),
    )


@task(name="queue.say", retries=2, retry_delay_seconds=30)
async def queue_say(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=Template(
            "{{ (get_pipe_result('fetch', 'fetched_tickets') | first).id }}"
        ),
        note=Template("{{ config.note }}"),
        ticket_system=run.service(services.desk),
    )


async def queue(run: Run) -> None:
    await run.step("classify", queue_classify)
    await run.step("decide", queue_decide)
    await run.step("say", queue_say)


@task(name="again.classify", retries=2, retry_delay_seconds=30)
async def again_classify(run: Run) -> Any:
    return await run.call(
        Classify,
        text=Template(
            "{{ (get_pipe_result('fetch', 'fetched_tickets') | first).subject }}"
        ),
        classification_service=run.service(services.model),
    )


@task(name="again.decide", retries=2, retry_delay_seconds=30)
async def again_decide(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=Template("{{ get_pipe_result('classify', 'label') }}"),
    )


@task(name="again.say", retries=2, retry_delay_seconds=30)
async def again_say(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=Template(
            "{{ (get_pipe_result('fetch', 'fetched_tickets') | first).id }}"
        ),
        note=Template("{{ config.note }}"),
        ticket_system=run.service(services.desk),
    )


async def again(run: Run) -> None:
    await run.step("classify", again_classify)
    await run.step("decide", again_decide)
    await run.step("say", again_say)


@flow(name="route", log_prints=True)
async def route() -> Any:
    async with Run("route", config={"least": 0.5}) as run:
        await run.step("fetch", fetch)
        await run.step(
            "queue",
            queue,
            config={
                "note": Late(
                    {
                        "subject": Template("Moved to {{ get_pipe_result('decide') }}"),
                        "body": Template(
                            "{{ get_pipe_result('classify', 'confidence') }} of at least {{ config.least }}\n"
                            "in {{ get_pipe_result('fetch', 'fetched_tickets') | length }}\n"
                        ),
                    }
                ),
            },
        )
        await run.step(
            "again",
            again,
            config={
                "note": Late(
                    {
                        "subject": Template("Moved to {{ get_pipe_result('decide') }}"),
                        "body": Template(
                            "{{ get_pipe_result('classify', 'confidence') }} of at least {{ config.least }}\n"
                            "in {{ get_pipe_result('fetch', 'fetched_tickets') | length }}\n"
                        ),
                    }
                ),
            },
        )
    return run.outcome()


if __name__ == "__main__":
    route.serve(name="route")
