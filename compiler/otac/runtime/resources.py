"""What costs time to make and can be kept: services, credentials, variables."""

from typing import Any

from otac.runtime.ambient import ambient
from otac.runtime.secrets import Secrets
from otac.runtime.services import Services


class Resources:
    """Those of one run, or of many ticks of a window.

    `names` are what every expression can use. Secrets and variables among them are read
    once, services built once.
    """

    def __init__(self) -> None:
        self.secrets = Secrets()
        self.services = Services(self.secrets)
        self.names: dict[str, Any] = ambient(self.secrets)
