"""Marked-up text is escaped once, as Jinja itself does it."""

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from otac.expressions.environment import compile_value

_MACRO = "{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}"


@pytest.mark.parametrize(
    "text",
    [
        "{% autoescape true %}<p>{{ '<b>ok</b>'|safe }} {{ 'a<b' }}</p>{% endautoescape %}",
        _MACRO + "{% autoescape true %}{{ m('a<b') }}{% endautoescape %}",
        "{% autoescape true %}" + _MACRO + "{{ m('a<b') }} {{ m(x)|upper }}{% endautoescape %}",
        "{% autoescape true %}{% set s %}<i>{{ x }}</i>{% endset %}{{ s }}{% endautoescape %}",
        "{% autoescape true %}{{ x|e }}{{ x|forceescape }}{{ x }}{% endautoescape %}",
        "{% autoescape true %}{% filter upper %}{{ x }}<br>{% endfilter %}{% endautoescape %}",
        "{% autoescape false %}{{ x|e }} {{ x }} {{ x|e ~ x }}{% endautoescape %}",
        "{{ x|e }}{{ x }}{{ [x|e]|first }}{{ x|e|e }}{{ ('<p>'|safe) ~ x }}",
    ],
)  # fmt: skip
def test_as_jinja_does_it(text: str) -> None:
    names = {"x": "<&\"'>"}
    there = ImmutableSandboxedEnvironment().from_string(text).render(names)
    here = compile_value(text)(names)
    assert (here, type(here)) == (there, str)


def test_a_value_is_plain_text() -> None:
    value = compile_value("{{ [x|e, {'k': x|e}] }}")({"x": "<"})
    assert value == ["&lt;", {"k": "&lt;"}]
    assert (type(value[0]), type(value[1]["k"])) == (str, str)
