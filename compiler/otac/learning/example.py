"""A ticket whose answer is known."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Example:
    """A ticket as it was when it came, and where it ended up.

    `queue` and `priority` are empty where nothing is known. `created` has a time zone.
    """

    id: str
    subject: str
    body: str
    queue: str = ""
    priority: str = ""
    created: datetime | None = None

    @property
    def text(self) -> str:
        """What a classifier is shown of a ticket."""
        return f"{self.subject}\n\n{self.body}"
