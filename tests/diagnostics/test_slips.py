"""Names that are hardly both right."""

import pytest

from otac.diagnostics.correction import is_slip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Case and separators.
        ("acme/queues", "Acme/Queues"),
        ("IT Support", "it-support"),
        ("5 very high", "5 veryhigh"),
        # One edit in one word; two in a long one.
        ("Billing", "Biling"),
        ("acme/queue-bert-v1", "acme/quuee-bert-v1"),
        ("acme/queues", "acmee/queues"),
        ("multilingual", "multilingaul"),
        ("sentiment", "sentimant"),
        ("classification", "clasification"),
        ("classification", "clasificaton"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert is_slip(one, other)
    assert is_slip(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Billing", "Billing"),
        ("", ""),
        ("-", "/"),
        # Versions, languages, families, sizes.
        ("acme/queues-v1", "acme/queues-v2"),
        ("Support::Level1", "Support::Level2"),
        ("acme/queues", "acme/queues2"),
        ("queue-de-bert", "queue-en-bert"),
        ("queue-bert", "queue-bart"),
        ("bert-base-cased", "bert-base-uncased"),
        ("encrypted", "unencrypted"),
        ("bert-small", "bert-large"),
        # More than one word, or more than a slip.
        ("sales north", "sale nort"),
        ("Billing", "Invoicing"),
        ("North", "South"),
        ("acme/queues", "queues"),
        ("HR", "IT"),
    ],
)
def test_not_alike(one: str, other: str) -> None:
    assert not is_slip(one, other)
    assert not is_slip(other, one)


def test_how_short_a_word_may_be() -> None:
    assert not is_slip("4 hgih", "4 high")
    assert is_slip("4 hgih", "4 high", shortest=4)
