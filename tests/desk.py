"""Tickets of a made-up helpdesk: sentences put together of words that queues share or not."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from otac.learning.examples import Example

_WORDS = {
    "Billing": "invoice payment refund charged bank euro receipt booked amount account",
    "IT": "printer laptop password screen network mouse login driver cable account",
    "HR": "holiday contract salary sick leave certificate training payroll absence parental",
    "Facilities": "heating window door key light parking cleaning lift desk chair",
}
_SHARED = [
    "please",
    "hello",
    "help",
    "we",
    "need",
    "have",
    "with",
    "the",
    "my",
    "our",
    "today",
    "again",
    "urgent",
    "cannot",
    "since",
    "monday",
    "thanks",
    "office",
    "team",
    "colleague",
    "question",
    "about",
    "because",
    "still",
    "new",
]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def desk(
    number: int, queues: Sequence[str] = tuple(_WORDS), seed: int = 1
) -> list[Example]:
    """That many tickets, an hour apart. One in twelve is about another queue's matters."""
    chance = random.Random(seed)
    tickets = []
    for place in range(number):
        queue = queues[place % len(queues)]
        about = chance.choice(queues) if chance.random() < 1 / 12 else queue
        words = [
            *chance.sample(_WORDS[about].split(), 3),
            *chance.sample(_SHARED, 6),
            f"case{place}x",
        ]
        chance.shuffle(words)
        urgent = "urgent" in words
        tickets.append(
            Example(
                str(place + 1),
                words[0],
                " ".join(words[1:]),
                queue,
                "4 high" if urgent else "3 normal",
                BEGIN + timedelta(hours=place),
            )
        )
    return tickets
