# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.
"""The services of this project, one constructor each."""

from otac.components import HuggingFaceClassifier, SqliteTicketSystem
from otac.runtime import Template, build


def helpdesk() -> SqliteTicketSystem:
    """Service `helpdesk`."""
    return build(SqliteTicketSystem, path="helpdesk.db")


def hugging_face() -> HuggingFaceClassifier:
    """Service `hugging_face`."""
    return build(HuggingFaceClassifier, api_token=Template("{{ get_env('TOKEN') }}"))
