"""Which expressions are constants."""

import pytest
from expression_strategies import anything, thorough
from hypothesis import given

from otac.expressions.environment import compile_value
from otac.expressions.literal import Constant, constant
from otac.expressions.parse import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ true }}", True),
        ("{{ False }}", False),
        ("{{none}}", None),
        ("{{ 3 }}", 3),
        ("{{ -1 }}", -1),
        ("{{ 0.50 }}\n", 0.5),
        ("{{ 'a' }}", "a"),
        ('{{ "it\'s" }}', "it's"),
        ("{{ '12' }}", "12"),
    ],
)
def test_constants(text: str, value: object) -> None:
    found = constant(parse(text))
    assert found == Constant(value)  # type: ignore[arg-type]
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        *("true", "3", "", "{{ not true }}", "{{ 1 + 1 }}", "{{ x }}", "{{ true }}."),
        *("{{ 'a' 'b' }}", r"{{ '\x41' }}", "{{ [] }}", "{{ 007 }}", "{{ true", "{{}}"),
        *("{{ 1 }}{{ 1 }}", "{{ truer }}", "{{ 'a' ~ 'b' }}", "{{ 1e3 }}"),
    ],
)
def test_all_else_is_left_to_the_run(text: str) -> None:
    assert constant(parse(text)) is None


def test_a_sign_next_to_the_braces_belongs_to_them() -> None:
    assert constant(parse("{{-1}}")) is None
    assert compile_value("{{-1}}")({}) == 1


@given(anything)
@thorough
def test_a_constant_is_what_the_expression_yields(text: str) -> None:
    found = constant(parse(text))
    if found is not None:
        value = compile_value(text)({})
        assert (value, type(value)) == (found.value, type(found.value))
