"""The priorities that the compiler takes for the usual ones are those of the components."""

from otac.check.priority_names import USUAL
from otac.components.vocabulary import PRIORITIES


def test_they_are_the_same() -> None:
    assert tuple(PRIORITIES) == USUAL
