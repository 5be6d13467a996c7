"""What the process that reads tickets is asked; both sides import this and nothing else."""

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """Which tickets to read.

    `generated` is the folder of the compiled project, `user` that of the configuration,
    `constructors` the names of the ticket systems' constructors in its module of services.
    `since` is ISO 8601. A page is asked for at most every `seconds`.
    """

    generated: str
    user: str
    constructors: tuple[str, ...]
    since: str
    newest: int
    seconds: float = 0.2

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> Self:
        raw = json.loads(text)
        return cls(**{**raw, "constructors": tuple(raw["constructors"])})
