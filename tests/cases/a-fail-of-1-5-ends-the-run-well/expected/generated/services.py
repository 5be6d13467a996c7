# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import HuggingFaceClassifier, OTOBOZnunyTicketSystem
from otac.runtime import Template, build


def otobo_znuny() -> OTOBOZnunyTicketSystem:
    """Service `otobo_znuny`."""
    return build(
        OTOBOZnunyTicketSystem,
        base_url="http://helpdesk.example/otobo/nph-genericinterface.pl",
        password=Template("{{ get_env('OTAI_PASSWORD') }}"),
    )


def hf_local() -> HuggingFaceClassifier:
    """Service `hf_local`."""
    return build(HuggingFaceClassifier)
