"""What holds for any text at all."""

import subprocess
import sys

import pytest
from expression_strategies import anything, outputs, templates, thorough
from hypothesis import assume, given

from otac.expressions.environment import ExpressionError, compile_value
from otac.expressions.full import read_fully
from otac.expressions.parse import known_filters, known_tests, parse, uses_template
from otac.expressions.reference import (
    CallReference,
    FilterReference,
    NameReference,
    Reference,
    Segment,
    StepReference,
    TestReference,
)
from otac.expressions.shape import read


def words(reference: Reference) -> list[Segment]:
    """Every word of a reference that has a place."""
    start, end = reference.start, reference.end
    match reference:
        case StepReference():
            found = [Segment(reference.function, start, end), *reference.path]
            return [*found, *(s for s in (reference.step, reference.key) if s)]
        case NameReference():
            return [Segment(reference.name, start, end), *reference.path]
        case CallReference():
            return [Segment(reference.name, start, end), *reference.keywords]
        case FilterReference() | TestReference():
            return [Segment(reference.name, start, end)]
        case _:
            return [reference.name] if reference.name else []


@given(anything)
@thorough
def test_parse_never_raises_and_blames_a_place_in_the_text(text: str) -> None:
    expression = parse(text)
    assert expression.text == text
    if expression.problem is not None:
        assert 0 <= expression.problem.start < expression.problem.end <= len(text)
        assert expression.problem.message
        assert uses_template(text)


@given(anything)
@thorough
def test_each_word_stands_where_it_says(text: str) -> None:
    for reference in parse(text).references:
        for found, start, end in words(reference):
            written = text[start:end]
            if isinstance(reference, FilterReference | TestReference):
                # `a . b` is the filter `a.b`
                written = "".join(written.split())
            if not {"'", '"', "\\", "\r"} & set(written):  # neither joined nor escaped
                assert written == found
            assert 0 <= start <= end <= len(text)


@given(anything)
@thorough
def test_the_short_way_agrees_with_jinja(text: str) -> None:
    assume(uses_template(text))
    expression = read(text)
    if expression is not None:
        assert expression == read_fully(text)


@given(outputs)
@thorough
def test_the_short_way_agrees_with_jinja_on_expressions(text: str) -> None:
    expression = read(text)
    if expression is not None:
        assert expression == read_fully(text)


@given(templates)
@thorough
def test_what_parses_also_compiles(text: str) -> None:
    expression = parse(text)
    assume(expression.problem is None)
    for reference in expression.references:
        if isinstance(reference, FilterReference):
            assume(reference.name in known_filters())
        if isinstance(reference, TestReference):
            assume(reference.name in known_tests())
    compile_value(text)


@given(anything)
@thorough
def test_what_does_not_parse_does_not_run(text: str) -> None:
    problem = parse(text).problem
    if problem is None or "no other templates" in problem.message:  # refused, not wrong
        return
    with pytest.raises(ExpressionError):
        compile_value(text)({})


def test_common_shapes_take_the_short_way() -> None:
    texts = [
        "{{ get_pipe_result('fetch', 'fetched_tickets') }}",
        '{{ pipe_result("select_final") }}',
        "{{ get_pipe_result('ticket')['id'] }}",
        "{{ get_pipe_result('classify', 'confidence') >= 0.8 }}",
        "{{ get_pipe_result('classify', 'label') == 'Billing' }}",
        "{{ (get_pipe_result('fetch','fetched_tickets') | length) > 0 }}",
        "{{ (get_pipe_result('fetch','fetched_tickets') | first).subject }}",
        "{{ get_pipe_result('fetch','fetched_tickets') | length }}",
        "{{ has_failed('update') }}",
        "{{ params.name }}",
        "{{ config.a.b }}",
        "{{ parent['ticket']['id'] }}",
        "{{ item.subject }} {{ item.body }}",
        "{{ env.NAME }}",
        "{{ get_env('X') }}",
        "{{ secret('x') }}",
        "{{ true }}",
        "{{ -1.5 }}",
    ]
    for text in texts:
        assert read(text) is not None, text


def test_reading_common_shapes_does_not_import_jinja() -> None:
    code = (
        "import sys\n"
        "from otac.expressions.parse import parse, uses_template\n"
        "from otac.expressions.function import FUNCTIONS\n"
        "parse('plain')\n"
        "assert parse('{{ params.name }} {{ get_env(\"X\") }}').references\n"
        "assert 'jinja2' not in sys.modules\n"
        "parse('{{ a + b }}')\n"
        "assert 'jinja2' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
