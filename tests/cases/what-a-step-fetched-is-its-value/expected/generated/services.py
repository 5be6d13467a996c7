# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import OTOBOZnunyTicketSystem
from otac.runtime import Template, build


def otobo() -> OTOBOZnunyTicketSystem:
    """Service `otobo`."""
    return build(
        OTOBOZnunyTicketSystem,
        base_url=Template("{{ env.OTAI_ADDRESS }}"),
        password=Template("{{ env.OTAI_PASSWORD }}"),
    )
