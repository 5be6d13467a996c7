"""What the process is asked, and what it says; both sides import this and nothing else."""

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """Which tickets to read, and where to keep them.

    `generated` is the folder of the compiled project, `constructor` the name of the ticket
    system's constructor in its module of services. `queues` are names; without any, all.
    `since` is ISO 8601. `store` is the file to which pages of tickets are added, and
    `known` the ids that it has already. A page is asked for at most every `seconds`.
    """

    generated: str
    user: str
    constructor: str
    queues: tuple[str, ...]
    since: str | None
    newest: int
    store: str
    known: tuple[str, ...] = ()
    seconds: float = 0.2

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> Self:
        raw = json.loads(text)
        return cls(
            **{**raw, "queues": tuple(raw["queues"]), "known": tuple(raw["known"])}
        )
