"""What older releases of Prefect in the range read otherwise, or not at all.

The server tells its release; those of the workers and of `prefect deploy` are taken to be
the same.
"""

import json
import re
from collections.abc import Iterator

from otac.deploy.declaration import Declared, Deployment
from otac.deploy.server_version import Version
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.schedules import Cron

# `prefect deploy` reads `day_or` since then; what it has stored counted before, too.
_READS_DAY_OR = (3, 4, 23)
# `prefect deploy` leaves `{{ ctx.flow.name }}` and the like to workers since then, and they
# fill it in.
_FILLS_IN_CONTEXT = (3, 6, 18)
# A server before that takes a run's place under a `concurrency_limit` when the run waits
# for its next attempt. Prefect asks for the place again 225 s after the run's start, then
# every 225 s, and ends the run as Crashed where it is gone (its issue 22885).
KEEPS_ITS_PLACE = (3, 8, 5)
_CONTEXT = re.compile(r"{{\s*ctx\.")


def read_otherwise(declared: Declared, version: Version | None) -> Iterator[Diagnostic]:
    """Warnings about what this server's release does not do. None for Prefect Cloud."""
    if version is None:
        return
    for one in declared.deployments:
        if version < KEEPS_ITS_PLACE and one.runner.flow_retries:
            yield _warning(
                one,
                version,
                "a run with `flow_retries` loses its place under `concurrency_limit`",
                "a run that is not over 225 s after its start, and had failed before, "
                "ends as Crashed",
                f"upgrade the server to {_text(KEEPS_ITS_PLACE)} or newer, or let the "
                "steps try again (`retries`) in place of the run",
            )
        if version < _FILLS_IN_CONTEXT and _names_the_run(one):
            yield _warning(
                one,
                version,
                "workers do not fill in `{{ ctx... }}`",
                "the job gets the text as it is",
                f"upgrade to {_text(_FILLS_IN_CONTEXT)} or newer, or write a plain name",
            )
        if version < _READS_DAY_OR and _needs_both_days(one):
            yield _warning(
                one,
                version,
                "`prefect deploy` drops `day_or: false`",
                "the schedule would start runs on more days than it says",
                "deploy with `otac deploy` only, which does not drop it, or upgrade to "
                f"{_text(_READS_DAY_OR)} or newer",
            )


def _names_the_run(deployment: Deployment) -> bool:
    variables = json.dumps(deployment.fields["job_variables"])
    return _CONTEXT.search(variables) is not None


def _needs_both_days(deployment: Deployment) -> bool:
    whens = (schedule.when for schedule in deployment.runner.schedules)
    return any(isinstance(when, Cron) and not when.day_or for when in whens)


def _warning(
    one: Deployment, version: Version, what: str, label: str, help: str
) -> Diagnostic:
    return warning(
        "OTC548",
        f"the server runs Prefect {_text(version)}, in which {what} "
        f"(runner `{one.runner.id}`)",
        one.runner.origin,
        label,
        help=help,
    )


def _text(version: Version) -> str:
    return ".".join(str(number) for number in version)
