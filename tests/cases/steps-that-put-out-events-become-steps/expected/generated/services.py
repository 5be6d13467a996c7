# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import HuggingFaceClassifier, OTOBOZnunyTicketSystem
from otac.runtime import Template, build


def helpdesk() -> OTOBOZnunyTicketSystem:
    """Service `helpdesk`."""
    return build(
        OTOBOZnunyTicketSystem,
        base_url="https://desk.example/otobo/nph-genericinterface.pl",
        username="otai",
        password=Template("{{ get_env('DESK_PASSWORD') }}"),
    )


def classifier() -> HuggingFaceClassifier:
    """Service `classifier`."""
    return build(
        HuggingFaceClassifier,
        model_name="acme/queues",
        api_token=Template("{{ get_env('OTAI_TOKEN', default=none) }}"),
    )
