# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.runtime import Template, build

from acme import RemoteHelpdesk


def helpdesk() -> RemoteHelpdesk:
    """Service `helpdesk`."""
    return build(
        RemoteHelpdesk,
        url=Template("{{ env.HELPDESK_URL }}"),
        password=Template("{{ secret('helpdesk-password') }}"),
        token=Template("{{ get_env('HELPDESK_TOKEN', default='') }}"),
        region=Template("{{ variable('region') }}"),
    )
