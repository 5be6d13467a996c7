# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import EmbeddingClassifier, OTOBOZnunyTicketSystem
from otac.runtime import Template, build


def helpdesk() -> OTOBOZnunyTicketSystem:
    """Service `helpdesk`."""
    return build(
        OTOBOZnunyTicketSystem,
        base_url="https://helpdesk.example/otobo/nph-genericinterface.pl",
        password=Template("{{ get_env('HELPDESK_PASSWORD') }}"),
        queues={"Billing": "invoices", "IT": "computers"},
        claims=Template("{{ get_env('CLAIMS_URL') }}"),
    )


def classification_service() -> EmbeddingClassifier:
    """Service `classification_service`."""
    return build(EmbeddingClassifier)
