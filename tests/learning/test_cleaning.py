"""What is taken out of a ticket's text before anything is learned from it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otac.models.cleaning import clean


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The printer is empty.", "The printer is empty."),
        ("Yes please.\n\nOn Mon, 2 Mar 2026, Eve wrote:\n> Shall we?", "Yes please."),
        ("Ja.\n\nAm 2.3.2026 um 9:00 schrieb Eva:\n> Sollen wir?", "Ja."),
        ("See below\n-----Original Message-----\nFrom: x", "See below"),
        ("Bitte\n\nVon: Eva Müller\nGesendet: Montag\nAn: IT\nBetreff: x", "Bitte"),
        ("One\n> quoted\nTwo", "One\n\nTwo"),
        ("It is broken.\n\nKind regards,\nEve Smith\n+49 30 1234567", "It is broken."),
        ("Kaputt.\n\nMit freundlichen Grüßen\n\nEva Müller\nACME GmbH", "Kaputt."),
        ("Broken\n-- \nEve Smith", "Broken"),
        ("Moved.\n\n[otac process:inbox]", "Moved."),
        (
            "Write to eve@example.com or call +49 30 1234567 now",
            "Write to   or call   now",
        ),
        ("Error 404 on page 12", "Error 404 on page 12"),
        # A forwarded mail and nothing else is the ticket.
        (
            "-----Original Message-----\nMy screen flickers",
            "-----Original Message-----\nMy screen flickers",
        ),
    ],
)
def test_what_is_kept(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_a_greeting_in_a_long_text_does_not_end_it() -> None:
    text = "Hello\nbest regards\n" + "and this is what happened\n" * 30
    assert clean(text).count("happened") == 30


@given(st.text())
def test_any_text_can_be_cleaned(text: str) -> None:
    assert len(clean(text)) <= len(text)


@pytest.mark.parametrize(
    "piece",
    ["x", "1 ", "1(", "a@", "@a.", "> ", "from: ", "on ", "-", "\n", " \t", "."],
)
def test_no_text_takes_long(piece: str) -> None:
    start = time.process_time()
    clean(piece * (1_000_000 // len(piece)))
    assert time.process_time() - start < 5
