"""Our terms are scikit-learn's, which makes models and does not run them."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import desk
from otac.learning.fitting import fit
from otac.learning.selection import select
from otac.models.cleaning import piece_terms, word_terms
from otac.models.linear import BLOCKS, softmax

text_module = pytest.importorskip("sklearn.feature_extraction.text")
PIECES = text_module.CountVectorizer(
    analyzer="char_wb", ngram_range=(2, 5)
).build_analyzer()
WORDS = text_module.CountVectorizer(ngram_range=(1, 2)).build_analyzer()


@given(st.text())
def test_any_text_has_the_same_terms(text: str) -> None:
    assert Counter(piece_terms(text)) == Counter(PIECES(text))
    assert Counter(word_terms(text)) == Counter(WORDS(text))


def test_a_model_answers_as_scikit_learn_does() -> None:
    """The same terms, rarities and weights in scikit-learn's own vectorizer."""
    samples = select(desk(200), "queue").samples
    model = fit(samples).model
    texts = [one.text for one in samples]
    total = np.tile(model.bias.astype(float), (len(texts), 1))
    for name in BLOCKS:
        kind = {"words": {"ngram_range": (1, 2)}}.get(
            name, {"analyzer": "char_wb", "ngram_range": (2, 5)}
        )
        vectorizer = text_module.TfidfVectorizer(
            sublinear_tf=True, vocabulary=list(model.blocks[name].rows), **kind
        )
        vectors = vectorizer.fit_transform(texts)
        assert np.allclose(vectorizer.idf_, model.blocks[name].rarity, atol=1e-5)
        total += vectors @ model.weights[name]
    for text, logits in zip(texts, total, strict=True):
        ours, known = model.logits(text)
        assert np.allclose(ours, logits, atol=1e-3)
        decision = model.decide(text)
        shares = softmax(list(logits))
        best = max(range(len(shares)), key=lambda one: shares[one])
        assert decision.label == model.labels[best]
        assert decision.confidence == pytest.approx(
            model.calibration.confidence(shares[best], known), abs=2e-3
        )
