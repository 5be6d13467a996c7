"""`EmbeddingClassifier`: labels by what their descriptions mean."""

import asyncio
import importlib
import logging
import math
import re
import threading
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from otac.components.classifier import Classification
from otac.components.outcome import Fail

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# Chosen on tests/components/labelled_texts.yml, of whose texts a confidence of 0.6 then
# decides four in five and hardly one wrongly.
_TEMPERATURE = 0.035
# "None of these" competes as one more label that is always this similar. Texts without a
# subject ("please see the attachment") lie below it, texts with one above.
_NONE_OF_THESE = 0.15
# Averaged over more words than this, every text means the same.
_LONGEST_TEXT = 4000

_loading = threading.Lock()


class EmbeddingClassifier:
    """Compares what a text means with what the labels' descriptions mean.

    The word vectors are installed with it: nothing is downloaded and nothing leaves the
    machine. They know English best; other languages need descriptions in that language.
    """

    def __init__(
        self,
        labels: Annotated[
            Mapping[str, str] | None,
            Field(
                description="The labels and what each stands for, in the words that"
                " texts would use"
            ),
        ] = None,
    ) -> None:
        self._labels = dict(labels or {})

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        """The best of `labels`, or of its own.

        Where both know a label, its own description counts.
        """
        candidates = self._labels
        if labels is not None:
            candidates = {
                label: self._labels.get(label, description)
                for label, description in labels.items()
            }
        if not candidates:
            raise Fail("`EmbeddingClassifier` has no `labels` to choose from")
        return await asyncio.to_thread(_classify, text, candidates)


def _classify(text: str, candidates: Mapping[str, str]) -> Classification:
    vector = _embed([text.strip()])[0]
    weights = {
        label: math.exp(_similarity(vector, label, description) / _TEMPERATURE)
        for label, description in candidates.items()
    }
    total = sum(weights.values()) + math.exp(_NONE_OF_THESE / _TEMPERATURE)
    ranked = sorted(weights, key=lambda label: -weights[label])
    # Rounded, so that processors that add in another order agree.
    scores = {label: round(weights[label] / total, 4) for label in ranked}
    if not vector.any():
        return Classification(label=None, confidence=0, scores=dict.fromkeys(ranked, 0))
    return Classification(label=ranked[0], confidence=scores[ranked[0]], scores=scores)


def _similarity(vector: "Vectors", label: str, description: str) -> float:
    """Half how near the description is as a whole, half how near its nearest phrase is.

    The whole alone misses a text about one of many things that a queue is for, the phrase
    alone is sure of itself where it should not be.
    """
    phrases = _describe(label, description)
    whole = _unit(phrases.mean(axis=0))
    return float(whole @ vector + (phrases @ vector).max()) / 2


@lru_cache(maxsize=1024)
def _describe(label: str, description: str) -> "Vectors":
    """The label and each phrase of its description."""
    phrases = [part for part in re.split("[,;.]", description) if part.strip()]
    return _embed([label, *phrases])


def _embed(texts: Sequence[str]) -> "Vectors":
    """One unit vector for each text; zero for a text without words."""
    # The tokenizer refuses lone surrogates.
    clean = [
        text[:_LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")
        for text in texts
    ]
    with _loading:
        model = _model()
    return _unit(model.embed(clean))


def _unit(vectors: "Vectors") -> "Vectors":
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    # Zero has no direction and stays zero.
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


@cache
def _model() -> Any:
    """The embeddings, once a process: loading takes some tenths of a second."""
    # It configures the root logger when it is imported, unless that has a handler.
    root, placeholder = logging.getLogger(), logging.NullHandler()
    root.addHandler(placeholder)
    try:
        wordllama: Any = importlib.import_module("wordllama")
    except ImportError:
        raise Fail(
            "`EmbeddingClassifier` needs the package `wordllama`:"
            " install `otac[prefect]`"
        ) from None
    finally:
        root.removeHandler(placeholder)
    # The weights are in the package, but its plain `load()` looks for them on the network.
    return wordllama.WordLlama.load(
        cache_dir=Path(wordllama.__file__).parent, disable_download=True
    )
