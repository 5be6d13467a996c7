"""What a model is made from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic
from otac.learning.examples import Example, read_examples


@dataclass(frozen=True, slots=True)
class Tickets:
    """Tickets, where they are from, and how many were left out for what."""

    examples: tuple[Example, ...]
    source: str
    left_out: Mapping[str, int] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def read_files(paths: Sequence[Path], newest: int, since: datetime | None) -> Tickets:
    """Those of several files of labelled tickets; later files count as newer."""
    parts = [read_file(path, newest, since) for path in paths]
    left_out: Counter[str] = Counter()
    for part in parts:
        left_out.update(part.left_out)
    every = [one for part in parts for one in part.examples]
    return Tickets(
        tuple(every[-newest:]),
        ", ".join(part.source for part in parts),
        left_out,
        tuple(found for part in parts for found in part.diagnostics),
    )


def read_file(path: Path, newest: int, since: datetime | None) -> Tickets:
    """Those of a file of labelled tickets."""
    read = read_examples(path, newest=newest)
    tickets = read.tickets
    left_out = {"damaged": read.damaged} if read.damaged else {}
    if since is not None:
        tickets = tuple(
            one for one in tickets if one.created is not None and one.created >= since
        )
        if older := len(read.tickets) - len(tickets):
            left_out["older, or of unknown time"] = older
    return Tickets(tickets, path.name, left_out, read.diagnostics)
