"""What the process that asks services is told; both sides import this and nothing else."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class ServiceQuestion:
    """A service by its title and the name of its constructor, and the names it has to know.

    Without `reports`, that it cannot be asked is not worth a word.
    """

    title: str
    constructor: str
    names: Mapping[str, tuple[str, ...]]
    reports: bool


@dataclass(frozen=True, slots=True)
class OnlineRequest:
    """`generated` is the folder of the compiled project, `user` that of the configuration.

    Each service has `seconds` for all of its answers.
    """

    generated: str
    user: str
    questions: tuple[ServiceQuestion, ...]
    seconds: float
    download: bool

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> Self:
        raw: dict[str, Any] = json.loads(text)
        questions = tuple(ServiceQuestion(**one) for one in raw["questions"])
        return cls(**{**raw, "questions": questions})
