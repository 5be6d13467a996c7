"""`KeywordClassifier`: labels by the words that speak for them."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from otac.components.classifier import Classification
from otac.components.outcome import Fail

# Scripts that put no space between words.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


class KeywordClassifier:
    """Counts words. Case and accents do not matter; `invoice*` also finds `invoices`.

    A label's score is its share of all hits, less a doubt that every further hit makes
    smaller: with a `word_precision` of 0.5, one hit alone is 0.5, two are 0.67, one against
    one is 0.33. That is what words are worth that were taken from descriptions; if yours
    are better, which `otac evaluate` tells, say so: with 0.8, one hit is 0.8.
    """

    def __init__(
        self,
        labels: Annotated[
            Mapping[str, list[str]],
            Field(description="The words or phrases that speak for each label"),
        ],
        word_precision: Annotated[
            float,
            Field(
                gt=0,
                lt=1,
                description="How often a label is right if one of its words is found once"
                " and no other label's: 0.8 is four times in five",
            ),
        ] = 0.5,
    ) -> None:
        # What a single hit falls short of certainty by, counted in hits.
        self._doubt = 1 / word_precision - 1
        self._patterns = {
            label: [_pattern(label, word) for word in words]
            for label, words in labels.items()
        }

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        """The best of its own labels that are also among `labels`."""
        folded = _fold(text)
        hits = {
            label: sum(len(pattern.findall(folded)) for pattern in patterns)
            for label, patterns in self._patterns.items()
            if labels is None or label in labels
        }
        total = sum(hits.values()) + self._doubt
        ranked = sorted(hits, key=lambda label: -hits[label])
        scores = {label: round(hits[label] / total, 4) for label in ranked}
        if not ranked or hits[ranked[0]] == 0:
            return Classification(
                label=None,
                confidence=0,
                scores=scores,
                reason="none of the words is in the text",
            )
        return Classification(
            label=ranked[0], confidence=scores[ranked[0]], scores=scores
        )


def _pattern(label: str, word: str) -> re.Pattern[str]:
    folded = _fold(word).strip()
    stem = folded.removesuffix("*")
    if not stem:
        raise Fail(f"`KeywordClassifier` has an empty word for `{label}`")
    parts = r"\s+".join(re.escape(part) for part in stem.split())
    start = "" if _unspaced(stem[0]) else r"(?<!\w)"
    end = "" if _unspaced(stem[-1]) or stem != folded else r"(?!\w)"
    return re.compile(start + parts + end)


def _unspaced(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_UNSPACED)


def _fold(text: str) -> str:
    """Without case and accents; twice, as folding one can bring back the other."""
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in text if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", kept)
