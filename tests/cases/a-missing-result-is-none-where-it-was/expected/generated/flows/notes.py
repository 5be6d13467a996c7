# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `notes`: every minute."""

from typing import Any

from otac.components import AddNote
from otac.runtime import Run, Template
from prefect import flow, task

from generated import services


@task(name="first", retries=2, retry_delay_seconds=30)
async def first(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=1,
        note="hello",
        ticket_system=run.service(services.helpdesk),
    )


@task(name="second", retries=2, retry_delay_seconds=30)
async def second(run: Run) -> Any:
    return await run.call(
        AddNote,
        ticket_id=2,
        note=Template(
            "{{ 'again' if pipe_result('first', 'added', default=none) else 'for the first time' }}"
        ),
        ticket_system=run.service(services.helpdesk),
    )


@flow(name="notes", log_prints=True)
async def notes() -> Any:
    async with Run("notes") as run:
        await run.step("first", first, when=True, on_error="fail_at_end")
        await run.step("second", second, on_error="fail_at_end")
    return run.outcome()


if __name__ == "__main__":
    notes.serve(name="notes", interval=60)
