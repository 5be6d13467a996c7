# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import HuggingFaceClassifier, OTOBOZnunyTicketSystem
from otac.runtime import Template, build


def otobo() -> OTOBOZnunyTicketSystem:
    """Service `otobo`."""
    return build(
        OTOBOZnunyTicketSystem,
        base_url=Template("{{ env.OTAI_ADDRESS }}"),
        password=Template("{{ env.OTAI_PASSWORD }}"),
    )


def hugging_face() -> HuggingFaceClassifier:
    """Service `hugging_face`."""
    return build(HuggingFaceClassifier, api_token=Template("{{ env.OTAI_TOKEN }}"))
