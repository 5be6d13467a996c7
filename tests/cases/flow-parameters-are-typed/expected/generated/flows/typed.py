# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""Runner `typed`: started by hand."""

from typing import Any

from otac.components import Expression
from otac.runtime import Run, Template
from prefect import flow, task

LABELS: list[Any] = ["urgent", "high"]
MAPPING: dict[str, Any] = {"sales": 1, "support": {"level": 2}}
EMPTY_LIST: list[Any] = []


@task(name="shown", retries=2, retry_delay_seconds=30)
async def shown(run: Run) -> Any:
    return await run.call(
        Expression,
        expression={
            "queue": Template("{{ params.queue }}"),
            "half": Template("{{ params.limit / 2 }}"),
            "first": Template(
                "{{ params.labels[0] if params.labels else params.nothing }}"
            ),
            "level": Template("{{ params.mapping.support.level }}"),
        },
    )


@flow(name="typed", log_prints=True)
async def typed(
    queue: str = "my-queue",
    limit: int = 10,
    threshold: float = 0.75,
    dry_run: bool = False,
    nothing: Any = None,
    labels: list[Any] = LABELS,
    mapping: dict[str, Any] = MAPPING,
    empty_list: list[Any] = EMPTY_LIST,
) -> Any:
    async with Run(
        "typed",
        params={
            "queue": queue,
            "limit": limit,
            "threshold": threshold,
            "dry_run": dry_run,
            "nothing": nothing,
            "labels": labels,
            "mapping": mapping,
            "empty_list": empty_list,
        },
    ) as run:
        await run.step("shown", shown)
    return run.outcome()


if __name__ == "__main__":
    typed.serve(name="typed")
