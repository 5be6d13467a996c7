"""The environment of the Prefect processes that otac starts."""

import os
from collections.abc import Mapping
from pathlib import Path

# Settings of the user's that are about flows and not about servers.
_KEPT = ("PREFECT_FLOWS_", "PREFECT_LOGGING_", "PREFECT_RESULTS_", "PREFECT_TASKS_")
_LOOPBACK = "127.0.0.1"


def embedded(
    home: Path, api_url: str, base: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment for an embedded Prefect, and for nothing outside of it.

    A database, a profile or an API key in the user's environment would lead to a server
    that other people use.
    """
    environment = {
        name: value
        for name, value in base.items()
        if not name.startswith("PREFECT_") or name.startswith(_KEPT)
    }
    environment |= {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLI_COLORS": "false",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": api_url,
        # Said here once more in case a `prefect.toml` beside the configuration says else.
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": (
            f"sqlite+aiosqlite:///{home / 'prefect.db'}"
        ),
        # A runner whose schedules were removed loses them (Prefect 3.9 and later).
        "PREFECT_DEPLOYMENTS_CLEAR_SCHEDULES_ON_EMPTY": "true",
        # Ten seconds is long for someone who looks on.
        "PREFECT_WORKER_QUERY_SECONDS": "2",
    }
    return environment | _without_proxy(environment)


def _without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """A proxy would be asked for this machine's own address otherwise."""
    for name in ("NO_PROXY", "no_proxy"):
        if name in environment:
            return {name: f"{environment[name]},{_LOOPBACK}"}
    return {"NO_PROXY": _LOOPBACK}
