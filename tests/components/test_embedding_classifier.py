"""Labels by what their descriptions mean, held to a set of labelled texts."""

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from otac.components import Classification, EmbeddingClassifier, Fail
from otac.components.vocabulary import PRIORITIES

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
    sure = [(wanted, it) for wanted, it in made if it.confidence >= 0.6]
    return (
        len(made),
        sum(wanted == it.label for wanted, it in made),
        len(sure),
        sum(wanted == it.label for wanted, it in sure),
    )


def test_english_texts() -> None:
    assert measure(TEXTS["labels"], TEXTS["english"]) == (50, 47, 40, 40)


def test_german_texts_with_german_descriptions() -> None:
    assert measure(TEXTS["german_labels"], TEXTS["german"]) == (15, 14, 14, 13)


def test_priorities() -> None:
    assert measure(PRIORITIES, TEXTS["priorities"]) == (27, 21, 12, 12)


def test_texts_without_a_subject_are_decided_by_nobody() -> None:
    made = [classify(text, TEXTS["labels"]) for text in TEXTS["unclear"]]
    assert max(it.confidence for it in made) < 0.6


def test_numbers_are_the_same_everywhere() -> None:
    made = classify("My chair is broken, may I order another one?", TEXTS["labels"])
    assert list(made.scores) == ["Sales", "Billing", "IT Support", "Facilities", "HR"]
    assert list(made.scores.values()) == pytest.approx(
        [0.5178, 0.0645, 0.0416, 0.0343, 0.0147], abs=0.0002
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
        label=None, confidence=0, scores={"a": 0, "b": 0}
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
