"""Did you mean ...?"""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otac.diagnostics.suggest import nearest


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("retrys", ["tags", "retries", "params"], "retries"),
        ("ticket_fetch", ["ticket_fetcher", "ticket_patch"], "ticket_fetcher"),
        ("Ticket_Fetcher", ["ticket_fetched", "ticket_fetcher"], "ticket_fetcher"),
        # Two neighbours exchanged are one edit, not two.
        ("tyep", ["tape", "tp", "type"], "type"),
        ("sue", ["use"], "use"),
        ("pipeid", ["pipe_id", "pipe"], "pipe_id"),
        ("interval_second", ["interval_seconds", "interval"], "interval_seconds"),
        # A part of the name, word by word.
        ("timeout", ["tags", "timeout_seconds"], "timeout_seconds"),
        (
            "limit",
            ["concurrency_limit", "concurrency_limit_slots"],
            "concurrency_limit",
        ),
        ("my_queue_name", ["name", "queue", "queue_name"], "queue_name"),
        ("UpdateTicketPipe", ["UpdateTicket", "AddNote"], "UpdateTicket"),
        # Among equals the alphabet decides.
        ("classifyx", ["classifyc", "classifyb", "classifya"], "classifya"),
        # Case breaks a tie before the alphabet does.
        ("Fetches", ["fetched", "Fetched"], "Fetched"),
        # Too far away, or too short to tell.
        ("retries", ["timeout_seconds", "tags"], None),
        ("id", ["if", "ix"], "if"),
        ("x", ["y"], None),
        ("x", ["X"], "X"),
        ("ab", ["ab_c"], None),
        ("", ["a", ""], None),
        ("a", [], None),
        # Itself is no help.
        ("tags", ["tags"], None),
    ],
)
def test_nearest(name: str, candidates: list[str], expected: str | None) -> None:
    assert nearest(name, candidates) == expected
    assert nearest(name, reversed(candidates)) == expected


def distance(one: str, other: str) -> int:
    """The definition, without any of the short cuts."""
    if not one or not other:
        return len(one) + len(other)
    best = min(
        distance(one[1:], other) + 1,
        distance(one, other[1:]) + 1,
        distance(one[1:], other[1:]) + (one[0] != other[0]),
    )
    if one[:2] == other[1::-1] and len(one) > 1 and len(other) > 1:
        best = min(best, distance(one[2:], other[2:]) + 1)
    return best


NAMES = st.text("abc", min_size=2, max_size=6)


@given(NAMES, st.lists(NAMES, max_size=4, unique=True))
def test_no_candidate_is_nearer(name: str, candidates: list[str]) -> None:
    most = max(1, len(name) // 3)
    ranked = sorted((distance(name, c), c) for c in candidates if c != name)
    expected = ranked[0][1] if ranked and ranked[0][0] <= most else None
    assert nearest(name, candidates) == expected


@pytest.mark.parametrize("alike", [True, False])
def test_a_thousand_candidates_take_no_time(alike: bool) -> None:
    source = random.Random(1)
    names = [
        f"ticket_fetch_{n}" if alike else "".join(source.choices("abcdef_", k=14))
        for n in range(1000)
    ]
    started = time.process_time()
    assert (nearest("ticket_fetcher_", names) is not None) is alike
    assert time.process_time() - started < 0.25
