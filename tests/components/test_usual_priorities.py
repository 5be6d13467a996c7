"""What the compiler takes for the usual priorities are those of the components."""

from otac.check.priority_names import RAISED_TO, USUAL
from otac.components import CheckEscalations
from otac.components.vocabulary import PRIORITIES


def test_they_are_the_same() -> None:
    assert tuple(PRIORITIES) == USUAL


def test_it_is_what_overdue_tickets_get() -> None:
    assert CheckEscalations.Params.model_fields["raise_to"].default == RAISED_TO
