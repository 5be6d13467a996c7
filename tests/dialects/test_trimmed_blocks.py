"""Statements of 1.1 to 1.5 take white space along, as Jinja's own options do."""

import random

import pytest
from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from older_forms import pipe_of

from otac.dialects.rewriting import Words, rewrite
from otac.expressions.environment import Sandbox, compile_value
from otac.source.document import Scalar

# How the renderer of 1.5.14 made it.
_THERE = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
_HERE = Sandbox()
_PIECES = (
    *("{% if a %}", "{% endif %}", "{%- if a -%}", "{%- endif %}", "{% endif -%}"),
    *("{%+ if a %}", "{% endif +%}", "{% for i in a %}", "{% endfor %}", "{% set b=1 %}"),
    *("{# c #}", "{#- c -#}", "{# c +#}", "{#+ c #}", "{# c\n d #}", "{{ a }}", "{{- a }}"),
    *("{% raw %}", "{% endraw %}", "{%- raw -%}", "{%+ endraw +%}", "{% endraw -%}"),
    *("\n", "\n\n", "  ", "\t", "x"),
)  # fmt: skip


def trimmed(text: str) -> str:
    scalar = Scalar(text, text, "|", 0, len(text))
    return rewrite(scalar, Words("get_at", trims_blocks=True), None).text


def test_as_jinja_trims_them() -> None:
    choose = random.Random(4711)
    compared = 0
    while compared < 1500:
        text = "".join(choose.choices(_PIECES, k=choose.randint(1, 9)))
        try:
            there = _THERE.from_string(text).render(a="A")
        except TemplateError:
            continue
        here = _HERE.from_string(trimmed(text)).render(a="A")
        assert here == there, text
        compared += 1


_CHOICE = "{% if 1 == 1 %}\nHigh\n  {% else %}\nLow\n{% endif %}\n"


def test_the_lines_of_a_choice() -> None:
    assert compile_value(_CHOICE)({}) == "\nHigh\n  "
    assert compile_value(trimmed(_CHOICE))({}) == "High\n"


_FORM = """\
open_ticket_ai:
  orchestrator:
    use: "base:SimpleSequentialOrchestrator"
    steps:
      - id: runner
        use: "base:SimpleSequentialRunner"
        params:
          on: {use: "base:IntervalTrigger", params: {interval: PT5M}}
          run:
            id: choice
            use: "base:ExpressionPipe"
            params:
              expression: |
                {% if 1 == 1 %}
                High
                {% endif %}
"""
_TODAY = """\
orchestrator:
  pipelines:
    - name: choice
      pipes:
        - use: Expression
          expression: |
            {% if 1 == 1 %}
            High
            {% endif %}
"""


@pytest.mark.parametrize(("text", "value"), [(_FORM, "High\n"), (_TODAY, "\nHigh\n")])
def test_blocks_are_trimmed_in_1_5_alone(text: str, value: str) -> None:
    pipe = pipe_of(text)
    step = pipe["steps"][0] if "steps" in pipe else pipe
    assert compile_value(step["params"]["expression"])({}) == value
