"""Components of resident runners that leave traces in files."""

import os
import time
from pathlib import Path
from typing import Any

from otac.components import Stop


def beat() -> None:
    """Notes the time and the process, and finds nothing to do."""
    with Path("beats").open("a", encoding="utf-8") as file:
        file.write(f"{time.time()} {os.getpid()}\n")
    raise Stop("nothing to do")


class Vault:
    """Needs a credential."""

    def __init__(self, token: str) -> None:
        self.token = token


def opens(vault: Vault) -> dict[str, Any]:
    """Says in an exception what it was given."""
    if vault.token:
        raise ConnectionError(f"refused: {vault.token}")
    raise Stop("nothing to do")
