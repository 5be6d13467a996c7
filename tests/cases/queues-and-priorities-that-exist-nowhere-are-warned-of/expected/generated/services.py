# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import (
    KeywordClassifier,
    OTOBOZnunyTicketSystem,
    SqliteTicketSystem,
)
from otac.runtime import Template, build


def helpdesk() -> OTOBOZnunyTicketSystem:
    """Service `helpdesk`."""
    return build(
        OTOBOZnunyTicketSystem,
        base_url="https://helpdesk.example/otobo/nph-genericinterface.pl",
        password=Template("{{ get_env('HELPDESK_PASSWORD') }}"),
        queues={
            "Billing": "invoices and refunds",
            "IT Support": "computers and passwords",
            "Support::Level1": "everything else",
        },
    )


def archive() -> SqliteTicketSystem:
    """Service `archive`."""
    return build(SqliteTicketSystem, path="archive.db")


def topics() -> KeywordClassifier:
    """Service `topics`."""
    return build(KeywordClassifier, labels={"Billing": ["invoice"]})
