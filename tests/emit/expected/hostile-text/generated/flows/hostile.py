# Compiled by otac from """'''; import os _ {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}_N{DASH}__[31m__evil_____ _ größer___$HOME. Edit the configuration, then run `otac build`.
"""Runner `hostile`: every minute.

\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw
%}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff \ud800 \U0001f3ab größer
$HOME
"""

from typing import Any

from otac.components import Expression
from otac.runtime import Run, Template
from prefect import flow, task
from prefect.schedules import Interval


@task(
    name="say",
    tags=[
        "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n\t$HOME",
    ],
    retries=2,
    retry_delay_seconds=30,
)
async def say(run: Run) -> Any:
    return await run.call(
        Expression,
        expression=(
            "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n"
            "\t$HOME"
        ),
        template=Template(
            "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n"
            "\t$HOME"
        ),
        nested={
            "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n\t$HOME": [
                (
                    "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n"
                    "\t$HOME"
                ),
                Template(
                    "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n"
                    "\t$HOME"
                ),
            ],
        },
    )


@flow(
    name="hostile",
    description=(
        "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n"
        "\t$HOME"
    ),
    log_prints=True,
)
async def hostile(
    text: str = (
        "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n"
        "\t$HOME"
    ),
) -> Any:
    async with Run("hostile", params={"text": text}) as run:
        await run.step(
            "say",
            say,
            when=Template(
                "\"\"\"'''; import os # {{ 7 * 7 }} {{ prefect.variables.x }} {% raw %}\\N{DASH}\x00\x1b[31m\u202e\u2066evil\u2069\u200b\ufeff\u2028\ud800 \U0001f3ab größer\r\n"
                "\t$HOME"
            ),
        )
    return run.outcome()


if __name__ == "__main__":
    hostile.serve(name="hostile", schedule=Interval(60, parameters={"text": "safe"}))
