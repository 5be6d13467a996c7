"""Mistakes, told in plain words at the character that is to blame."""

import ast
from pathlib import Path

import pytest

from otac.expressions.parse import parse
from otac.expressions.problem import ExpressionProblem

CASES = Path(__file__).with_name("problems.txt").read_text("utf-8").split("\n\n")


@pytest.mark.parametrize("case", CASES, ids=[case.split("\n")[0] for case in CASES])
def test_problem(case: str) -> None:
    text, blamed, *rest = case.strip("\n").split("\n")
    start, end = blamed.index("^"), blamed.rindex("^") + 1
    told = dict(line.split(": ", 1) for line in rest)
    suggestion = ast.literal_eval(told["instead"]) if "instead" in told else None
    missing = ast.literal_eval(told["missing"]) if "missing" in told else None
    message = blamed[end + 1 :]
    problem = ExpressionProblem(
        message, start, end, told.get("help"), suggestion, missing
    )
    assert parse(text).problem == problem


def test_lines_do_not_matter_to_places() -> None:
    text = "Queue:\r\n\n  {{ a\n  = b }}\n"
    problem = parse(text).problem
    assert problem is not None
    assert text[problem.start - 2 : problem.end + 2] == "  = b"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("{{ " + "(" * 41 + "x" + ")" * 41 + " }}", 43),
        ("{{ " + "not " * 5000 + "x }}", 0),
        ("{{ " + "not " * 150 + "x }}", 399),
        ("{{ x" + ".a" * 200 + " }}", 3),
        ("{{ x" + " + 1" * 200 + " }}", 405),
        ("{% if x %}" * 16 + "{% endif %}" * 16, 153),
        ("{% for x in y %}" * 16 + "{% endfor %}" * 16, 243),
    ],
)
def test_too_deep(text: str, start: int) -> None:
    problem = parse(text).problem
    assert problem is not None
    assert problem.message == "this is nested too deeply"
    assert problem.start == start


@pytest.mark.parametrize("number", ["9" * 5000, "1\u0663.5"])
def test_numbers_that_python_refuses(number: str) -> None:
    text = "{{ 1 + " + number + " }}"
    problem = ExpressionProblem("this number cannot be read", 7, 7 + len(number))
    assert parse(text).problem == problem


def test_a_refused_statement_does_not_hide_what_else_is_used() -> None:
    expression = parse("{% include params.file %}{{ item.x }}")
    assert expression.problem is not None
    assert [reference.start for reference in expression.references] == [28]
