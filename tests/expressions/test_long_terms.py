"""Chains that Jinja reads in a loop are no danger to what follows them."""

import pytest

from otac.expressions.term import Other, sole_term


@pytest.mark.parametrize("link", [".a", "['a']", " | upper", "()", "[0]"])
def test_a_chain_without_end_is_something_else(link: str) -> None:
    assert sole_term(f"{{{{ x{link * 3} }}}}") is not None
    assert sole_term(f"{{{{ x{link * 3000} }}}}") == Other()
