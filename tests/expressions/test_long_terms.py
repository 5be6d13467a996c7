"""Chains that Jinja reads in a loop are no danger to what follows them."""

import pytest

from otac.expressions.term import Other, sole_term


@pytest.mark.parametrize("link", [".a", "['a']", " | upper", "()", "[0]"])
def test_a_chain_without_end_is_something_else(link: str) -> None:
    assert sole_term(f"{{{{ x{link * 3} }}}}") is not None
    assert sole_term(f"{{{{ x{link * 3000} }}}}") == Other()


@pytest.mark.parametrize("number", ["9" * 5000, "1e1000_", "0b2"])
def test_a_number_that_python_cannot_read_is_another_thing(number: str) -> None:
    assert sole_term(f"{{{{ x.y if {number} else 1 }}}}") == Other()
