# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.runtime import Template, build

from acme import Remote


def remote() -> Remote:
    """Service `remote`."""
    return build(
        Remote,
        url="https://helpdesk.example.com",
        password="hunter2",
        options={"headers": {"apiKey": "abc", "accept": "json"}, "tokens": 12},
        token=Template("{{ env.TOKEN }}"),
        secret="",
    )
