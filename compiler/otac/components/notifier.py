"""What a component needs to tell people something."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Notifier(Protocol):
    """Sends a message to people, wherever they read it."""

    async def notify(self, subject: str, message: str) -> None:
        """Returns when the message is on its way; raises if it is not."""
        ...
