"""Helpdesks made of a source: some of its labels, described in one way or another."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.texts import Labelled, LabelSet
from otac.components.embedding.evidence import (
    DescribedLabel,
    Worded,
    described,
    likenesses,
    worded,
)

_VAGUE = (
    "requests of customers",
    "everything about this",
    "questions and problems",
    "general",
    "other requests",
    "issues and enquiries",
    "support",
    "help for customers and colleagues",
)
_AROUND = ("Service", "Support", "Team", "General")
_SIZES = (2, 3, 4, 5, 6, 8, 10, 12, 20)
_TEXTS = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """A label of a made-up helpdesk; `label` is what the source calls it."""

    label: str
    name: str
    description: str


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A text, the labels to choose from, and the right one; -1 if it is none of them."""

    text: Worded
    labels: list[DescribedLabel]
    likenesses: NDArray[np.float64]
    right: int


def ask(
    texts: Sequence[Labelled],
    labels: LabelSet,
    helpdesks: int,
    seed: int,
    habits: Sequence[float] = (0.0,),
) -> list[Asked]:
    """Some tickets for each of so many helpdesks; one in eight is cut to a few words.

    `habits`: on each helpdesk, one of these parts of the tickets is filed under the label
    that is described most like the right one, as people do whose queues overlap.
    """
    chance = random.Random(seed)
    known: dict[str, Worded] = {}
    asked: list[Asked] = []
    for candidates in _helpdesks(labels, helpdesks, chance):
        known_labels = [described(each.name, each.description) for each in candidates]
        habit = chance.choice(habits)
        for text, right in _tickets(texts, candidates, chance):
            if right >= 0 and chance.random() < habit:
                right = _neighbour(known_labels, right)
            if chance.random() < 0.12:
                text = " ".join(text.split()[: chance.choice((1, 2, 3, 5))])
            if text not in known:
                known[text] = worded(text)
            table = likenesses(known[text], known_labels)
            asked.append(Asked(known[text], known_labels, table, right))
    return asked


def _helpdesks(
    labels: LabelSet, count: int, chance: random.Random
) -> Iterator[list[Candidate]]:
    for _ in range(count):
        size = min(chance.choice(_SIZES), len(labels))
        if chance.random() < 0.5:
            size = len(labels)
        style = chance.choice(("full", "full", "short", "name", "mixed", "mixed"))
        chosen = chance.sample(list(labels), size)
        desk = [_describe(label, labels[label], style, chance) for label in chosen]
        if chance.random() < 0.5:
            desk = _overlapping(desk, labels, chance)
        if chance.random() < 0.15:
            desk = [_vague(each, place, chance) for place, each in enumerate(desk)]
        if len({each.name for each in desk}) == len(desk):
            yield desk


def _neighbour(labels: list[DescribedLabel], right: int) -> int:
    mine = labels[right].telling_whole
    likeness = [float(mine @ label.telling_whole) for label in labels]
    likeness[right] = -2
    return likeness.index(max(likeness)) if len(labels) > 1 else right


def _describe(
    label: str, ways: list[tuple[str, str]], style: str, chance: random.Random
) -> Candidate:
    """Of six ways, three are full and two short; of three, one and one."""
    full = max(1, len(ways) // 2)
    match style:
        case "full":
            name, description = ways[chance.randrange(full)]
        case "short":
            name, description = ways[-2]
        case "name":
            name, description = ways[-1]
        case _:
            name, description = chance.choice(ways)
    return Candidate(label, name, description)


def _overlapping(
    desk: list[Candidate], labels: LabelSet, chance: random.Random
) -> list[Candidate]:
    """Some labels become two that share what they are for: nobody can tell them apart."""
    part = chance.choice((0.3, 0.6, 1.0))
    split: list[Candidate] = []
    for each in desk:
        if chance.random() >= part:
            split.append(each)
            continue
        description = labels[each.label][0][1].replace(" and ", ", ")
        phrases = [one.strip() for one in description.split(",") if one.strip()]
        chance.shuffle(phrases)
        middle = (len(phrases) + 1) // 2
        first = phrases[0] if chance.random() < 0.5 else f"{each.name} A"
        second = f"{chance.choice(_AROUND)} {each.name}"
        split.append(Candidate(each.label, first, ", ".join(phrases[:middle])))
        split.append(Candidate(each.label, second, ", ".join(phrases[middle - 1 :])))
    return split


def _vague(each: Candidate, place: int, chance: random.Random) -> Candidate:
    if chance.random() >= 0.4:
        return each
    name = each.name if chance.random() < 0.5 else f"Team {place + 1}"
    return Candidate(each.label, name, chance.choice(_VAGUE))


def _tickets(
    texts: Sequence[Labelled], desk: list[Candidate], chance: random.Random
) -> Iterator[tuple[str, int]]:
    """On some helpdesks, a part of the tickets belongs to none of the labels."""
    known = {each.label for each in desk}
    here = [each for each in texts if each[1] in known]
    elsewhere = [each for each in texts if each[1] not in known]
    foreign = chance.choice((0, 0, 0.1, 0.3))
    for ticket in chance.sample(here, min(_TEXTS, len(here))):
        if elsewhere and chance.random() < foreign:
            ticket = chance.choice(elsewhere)
        places = [i for i, each in enumerate(desk) if each.label == ticket[1]]
        yield ticket[0], chance.choice(places) if places else -1
