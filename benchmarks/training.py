"""How well models of `otac train` decide, how long they take, and what else was tried.

python -m benchmarks.training TICKETS.csv [--size]

Without `--size`: a model of the first tickets of the file judged on the last ones, in the
file's order. With it: time and memory for 10,000 tickets, made of those of the file.
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from otac.learning.examples import Example, read_examples
from otac.learning.measures import (
    Judged,
    at_threshold,
    calibration_error,
    count,
    lowest_threshold,
)
from otac.learning.training import train
from otac.models.card import BadModel, promised_threshold
from otac.models.linear import read_models

_JUDGES = 600
_LARGE = 10_000


def main() -> None:
    """Print the rows of the tables in docs/training.md."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("tickets", type=Path)
    arguments.add_argument("--size", action="store_true")
    given = arguments.parse_args()
    tickets = read_examples(given.tickets).tickets
    if given.size:
        _size(list(tickets))
        return
    judges = tickets[-_JUDGES:]
    for number in (100, 300, 1000, len(tickets) - _JUDGES):
        _row(tickets[:number], judges)


def _row(tickets: tuple[Example, ...], judges: tuple[Example, ...]) -> None:
    begun = time.perf_counter()
    trained = train(tickets, "benchmark")
    seconds = time.perf_counter() - begun
    assert trained.data is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.otac"
        path.write_bytes(trained.data)
        card, models = read_models(path)
    judged = []
    for one in judges:
        decision = models["queue"].decide(one.text)
        judged.append(Judged(decision.confidence, decision.label, one.queue))
    try:
        threshold = promised_threshold(card, "queue", 0.9)
    except BadModel:
        # Nothing is decided.
        threshold = 2.0
    promised = at_threshold(judged, threshold)
    best = lowest_threshold(judged, 0.9)
    print(
        f"{len(tickets):6} tickets, {seconds:5.1f} s: right {count(judged).accuracy:.0%},"
        f" at min_precision 0.9 decided {promised.coverage:.0%}"
        f" and right {promised.precision or 0:.0%},"
        f" could decide at 90 % right {0 if best is None else best.coverage:.0%},"
        f" calibration error {calibration_error(judged):.3f}"
    )


def _size(tickets: list[Example]) -> None:
    """10,000 tickets: each shares two thirds of its words with one of the file."""
    chance = random.Random(1)
    words = [word for one in tickets for word in one.body.split()]
    many = []
    for place in range(_LARGE):
        one = chance.choice(tickets)
        said = [
            word if chance.random() < 2 / 3 else chance.choice(words)
            for word in one.body.split()
        ]
        many.append(replace(one, id=str(place), body=" ".join(said)))
    begun = time.perf_counter()
    trained = train(many, "benchmark")
    seconds = time.perf_counter() - begun
    assert trained.data is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes on Linux, bytes on macOS.
    megabytes = peak / (1e6 if sys.platform == "darwin" else 1e3)
    print(
        f"{_LARGE} tickets: {seconds:.0f} s, of the processor"
        f" {time.process_time():.0f} s, {megabytes:.0f} MB,"
        f" a file of {len(trained.data) / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
