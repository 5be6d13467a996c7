"""Components of the user's."""

from typing import Any

from otac.components import TicketSystem


class PhoneBook:
    def __init__(self, path: str, encoding: str = "utf-8") -> None:
        self.path = path
        self.encoding = encoding


async def triage(
    ticket_id: str | int,
    *,
    ticket_system: TicketSystem,
    rules: dict[str, int] | None = None,
    limit: int = 10,
) -> dict[str, Any]:
    return {"number": 1}


def call_back(number: int, phone_book: PhoneBook) -> str:
    return f"{number} {phone_book.path}"


def anything_goes(**options: Any) -> dict[str, Any]:
    return options
