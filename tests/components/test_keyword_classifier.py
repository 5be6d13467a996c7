"""Labels by the words that speak for them."""

import asyncio

import pytest

from otac.components import Classification, Fail, KeywordClassifier

CLASSIFIER = KeywordClassifier(
    {
        "Billing": ["invoice", "credit card", "Rechnung*", "facturé"],
        "IT": ["VPN", "C++", "パスワード", "密码"],
    },
    word_precision=0.8,
)


def classify(text: str, labels: dict[str, str] | None = None) -> Classification:
    return asyncio.run(CLASSIFIER.classify(text, labels=labels))


@pytest.mark.parametrize(
    ("text", "label", "confidence"),
    [
        ("an invoice", "Billing", 0.8),
        ("INVOICE, invoice!", "Billing", 0.8889),
        ("two invoices", None, 0),
        ("preinvoice", None, 0),
        ("my credit\n  card", "Billing", 0.8),
        ("Rechnungsnummer", "Billing", 0.8),
        ("il a FACTURE deux fois", "Billing", 0.8),
        ("un montant facture\u0301", "Billing", 0.8),
        ("ｖｐｎ", "IT", 0.8),
        ("C++ is installed", "IT", 0.8),
        ("C+ is not", None, 0),
        ("新しいパスワードが必要です", "IT", 0.8),
        ("我的密码过期了", "IT", 0.8),
        ("invoice over VPN", "Billing", 0.4444),
        ("invoice over VPN, the VPN", "IT", 0.6154),
        ("", None, 0),
        ("\x00 \u202e 😀", None, 0),
    ],
)
def test_label_and_confidence(text: str, label: str | None, confidence: float) -> None:
    made = classify(text)
    assert (made.label, made.confidence) == (label, confidence)


def test_all_labels_are_ranked() -> None:
    made = classify("VPN VPN invoice")
    assert list(made.scores.items()) == [("IT", 0.6154), ("Billing", 0.3077)]


def test_only_the_labels_asked_for() -> None:
    assert classify("invoice over VPN", {"IT": "", "HR": ""}) == Classification(
        label="IT", confidence=0.8, scores={"IT": 0.8}
    )
    assert classify("invoice", {"HR": ""}) == Classification(
        label=None, confidence=0, scores={}, reason="none of the words is in the text"
    )


def test_a_word_that_nobody_vouches_for_moves_no_ticket_alone() -> None:
    unsaid = KeywordClassifier({"Billing": ["invoice", "refund"]})
    made = [
        asyncio.run(unsaid.classify(text)).confidence
        for text in ("invoice", "a refund, see the invoice", "invoice, refund, invoice")
    ]
    assert made == [0.5, 0.6667, 0.75]


@pytest.mark.parametrize(
    ("text", "confidence"),
    [("invoice", 0.45), ("invoice, invoice", 0.6207), ("invoice VPN", 0.3103)],
)
def test_the_author_says_how_far_a_word_is_to_be_trusted(
    text: str, confidence: float
) -> None:
    careful = KeywordClassifier(
        {"Billing": ["invoice"], "IT": ["VPN"]}, word_precision=0.45
    )
    made = asyncio.run(careful.classify(text))
    assert (made.label, made.confidence) == ("Billing", confidence)


@pytest.mark.parametrize("word", ["", "  ", "*"])
def test_an_empty_word_would_fit_everywhere(word: str) -> None:
    with pytest.raises(Fail, match="`KeywordClassifier` has an empty word for `IT`"):
        KeywordClassifier({"IT": [word]})
