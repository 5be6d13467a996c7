"""Labels by what their descriptions mean, held to a set of labelled texts."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from benchmarks.calibration.texts import sources

from otac.components import Classification, EmbeddingClassifier, Fail
from otac.components.vocabulary import PRIORITIES
from otac.learning.measures import Judged, at_threshold

TEXTS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "labelled_texts.yml").read_text(encoding="utf-8")
)


def classify(text: str, labels: Mapping[str, str]) -> Classification:
    return asyncio.run(EmbeddingClassifier().classify(text, labels=labels))


def measure(
    labels: Mapping[str, str], texts: Mapping[str, list[str]]
) -> tuple[int, ...]:
    """How many texts there are, get the right label first, are decided, and rightly."""
    made = [
        (wanted, classify(text, labels))
        for wanted, many in texts.items()
        for text in many
    ]
    sure = [(wanted, it) for wanted, it in made if it.reaches(0.75)]
    return (
        len(made),
        sum(wanted == it.label for wanted, it in made),
        len(sure),
        sum(wanted == it.label for wanted, it in sure),
    )


def test_english_texts() -> None:
    assert measure(TEXTS["labels"], TEXTS["english"]) == (50, 47, 3, 3)


def test_german_texts_with_german_descriptions() -> None:
    assert measure(TEXTS["german_labels"], TEXTS["german"]) == (15, 15, 5, 5)


def test_priorities() -> None:
    assert measure(PRIORITIES, TEXTS["priorities"]) == (27, 20, 2, 2)


def test_texts_without_a_subject_are_decided_by_nobody() -> None:
    made = [classify(text, TEXTS["labels"]) for text in TEXTS["unclear"]]
    assert max(it.confidence or 0 for it in made) < 0.35
    assert all(it.reason for it in made)


@pytest.mark.parametrize("text", ["Hm\n\nok", "Hello,\n\nthank you!", "123 456", "???"])
def test_a_text_of_politeness_alone_has_no_label(text: str) -> None:
    made = classify(text, TEXTS["labels"])
    assert (made.label, made.confidence) == (None, 0)
    assert made.reason == "no word of the text says what it is about"


@pytest.mark.parametrize(
    ("text", "labels", "most", "reason"),
    [
        ("Invoice", TEXTS["labels"], 0.7, "too few words say what the text is about"),
        (
            "Die Rechnung vom Oktober ist falsch und wir haben schon bezahlt.",
            TEXTS["labels"],
            0.5,
            "the text and the descriptions are in different languages",
        ),
        (
            "The cat sat on the mat while the moon was shining over the hills",
            TEXTS["labels"],
            0.5,
            None,
        ),
        (
            "My laptop is slow and the printer does not print any more",
            {
                "IT": "computers, laptops, printers and software problems",
                "Technical Support": "laptops, computers, software and printers",
            },
            0.55,
            "`IT` and another label have descriptions that are alike",
        ),
        ("My laptop is slow", {"IT": "laptops"}, 0.75, None),
        (
            "The hardware is broken, please replace the hardware of my computer",
            {"Hardware": "", "Legal": "", "Canteen": ""},
            0.75,
            "`Hardware` has no description that says what it is for",
        ),
    ],
)
def test_what_it_cannot_know_it_is_not_sure_of(
    text: str, labels: Mapping[str, str], most: float, reason: str | None
) -> None:
    made = classify(text, labels)
    assert made.confidence is not None
    assert made.confidence < most
    assert made.reason is not None
    assert reason in (None, made.reason)


def test_labels_that_overlap_make_it_less_sure() -> None:
    text = "I was charged twice on my credit card for the October invoice."
    labels = TEXTS["labels"]
    alone = classify(text, labels).confidence
    beside = classify(text, {**labels, "Payments": labels["Billing"]}).confidence
    assert alone is not None
    assert beside is not None
    assert beside < alone - 0.2


@pytest.mark.parametrize("desk", ["shop", "office"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_half_that_judges(desk: str, language: str) -> None:
    source = next(it for it in sources(None) if it.name == f"{desk}-{language}")
    names = {label: ways[0] for label, ways in source.labels.items()}
    labels = dict(names.values())
    judged = [
        Judged(it.confidence, it.label, names[expected][0])
        for text, expected in source.to_judge
        for it in [classify(text, labels)]
    ]
    assert len(judged) > 15
    at = at_threshold(judged, 0.75)
    assert at.wrong <= 0.15 * at.decided


@pytest.mark.parametrize("name", ["en", "de", "de described in English"])
def test_long_prose_for_queues_that_overlap_is_moved_by_nobody(name: str) -> None:
    source = next(it for it in sources(None) if it.name == f"company-{name}")
    labels = dict(ways[0] for ways in source.labels.values())
    texts = [*source.to_choose, *source.to_judge]
    made = [classify(text, labels).confidence or 0 for text, _ in texts]
    assert len(made) == 35
    assert max(made) < 0.7
    assert 0.15 < sum(made) / len(made) < 0.4


def test_german_texts_are_not_all_given_to_the_label_with_most_german_words() -> None:
    source = next(it for it in sources(None) if it.name == "company-de")
    labels = dict(ways[0] for ways in source.labels.values())
    texts = [*source.to_choose, *source.to_judge]
    made = Counter(classify(text, labels).label for text, _ in texts)
    assert max(made.values()) < len(texts) / 2


def test_numbers_are_the_same_everywhere() -> None:
    made = classify("My chair is broken, may I order another one?", TEXTS["labels"])
    assert list(made.scores) == ["Sales", "IT Support", "Facilities", "Billing", "HR"]
    assert list(made.scores.values()) == pytest.approx(
        [0.3348, 0.1669, 0.1618, 0.1571, 0.1223], abs=0.0002
    )
    assert (made.label, made.confidence) == ("Sales", made.scores["Sales"])


def test_a_description_of_its_own_wins() -> None:
    classifier = EmbeddingClassifier({"A": "heating, radiator, cold", "B": "invoice"})
    text = "The radiator stays cold"
    own = asyncio.run(classifier.classify(text))
    asked = asyncio.run(classifier.classify(text, labels={"A": "invoice", "C": ""}))
    assert (own.label, list(own.scores)) == ("A", ["A", "B"])
    assert asked.label == "A"
    assert asked.scores["A"] == pytest.approx(own.scores["A"], abs=0.05)


def test_without_labels() -> None:
    with pytest.raises(Fail, match="`EmbeddingClassifier` has no `labels`"):
        asyncio.run(EmbeddingClassifier().classify("text"))


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_an_empty_text_has_no_label(text: str) -> None:
    assert classify(text, {"a": "x", "b": "y"}) == Classification(
        label=None,
        confidence=0,
        scores={"a": 0, "b": 0},
        reason="no word of the text says what it is about",
    )


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800", "😀" * 5000, "\u202eabc", "'; DROP TABLE", "a" * 10**6]
)
def test_hostile_texts(text: str) -> None:
    made = classify(text, {text: text, "b": "y"})
    assert set(made.scores) == {text, "b"}
    assert all(0 <= score <= 1 for score in made.scores.values())


def test_it_loads_without_a_network_and_leaves_logging_alone() -> None:
    code = """
import asyncio, logging, socket
def refuse(*args, **kwargs):
    raise AssertionError("network")
socket.socket.connect = refuse
socket.create_connection = refuse
from otac.components import EmbeddingClassifier
made = asyncio.run(EmbeddingClassifier({"a": "cat", "b": "invoice"}).classify("a kitten"))
root = logging.getLogger()
print(made.label, root.handlers, root.level)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "a [] 30\n"
    assert done.stderr == ""
