"""The functions in scope and the arguments they take."""

import pytest

from otac.expressions.environment import Sandbox
from otac.expressions.function import FILTER_FOR_FUNCTION, FUNCTIONS, SCOPE_NAMES
from otac.expressions.parse import known_filters, known_tests, parse
from otac.expressions.problem import ExpressionProblem
from otac.expressions.reference import CallReference


def problem(text: str) -> ExpressionProblem | None:
    (call,) = (r for r in parse(text).references if isinstance(r, CallReference))
    return FUNCTIONS[call.name].problem(call)


@pytest.mark.parametrize(
    "expression",
    [
        "get_pipe_result('a')",
        "get_pipe_result('a', 'b', none)",
        "get_pipe_result(id='a', default=1)",
        "get_pipe_result('a', default=1, key='b')",
        "get_pipe_result(*item)",
        "get_pipe_result('a', **item)",
        "now()",
        "fail()",
        "fail('why')",
        "stop(message='why')",
        "range(1, 10, 2)",
        "dict(a=1, b=2)",
        "cycler('a', 'b', 'c')",
    ],
)
def test_right_arguments(expression: str) -> None:
    assert problem(f"{{{{ {expression} }}}}") is None


@pytest.mark.parametrize(
    ("text", "place", "message", "help"),
    [
        (
            "{{ has_failed('a', 'b') }}",
            "   ^^^^^^^^^^",
            "`has_failed` takes 1 argument, not 2",
            "it is called as `has_failed(id)`",
        ),
        (
            "{{ now('x') }}",
            "   ^^^",
            "`now` takes no arguments, not 1",
            "it is called as `now()`",
        ),
        (
            "{{ get_env('A', 'b', 'c') }}",
            "   ^^^^^^^",
            "`get_env` takes at most 2 arguments, not 3",
            "it is called as `get_env(name, default=...)`",
        ),
        (
            "{{ get_pipe_result() }}",
            "   ^^^^^^^^^^^^^^^",
            "`get_pipe_result` needs `id`",
            "it is called as `get_pipe_result(id, key=..., default=...)`",
        ),
        (
            "{{ get_at(item) }}",
            "   ^^^^^^",
            "`get_at` needs `path`",
            "it is called as `get_at(value, path)`",
        ),
        (
            "{{ get_pipe_result('a', defualt=1) }}",
            "                        ^^^^^^^",
            "`get_pipe_result` has no parameter `defualt`",
            "it is called as `get_pipe_result(id, key=..., default=...)`",
        ),
        (
            "{{ secret('a', name='b') }}",
            "               ^^^^",
            "`secret` gets `name` twice",
            "it is called as `secret(name)`",
        ),
    ],
)
def test_wrong_arguments(text: str, place: str, message: str, help: str) -> None:
    start, end = place.index("^"), len(place)
    assert problem(text) == ExpressionProblem(message, start, end, help)


def test_functions_are_listed_under_their_names() -> None:
    assert all(name == function.name for name, function in FUNCTIONS.items())
    assert not SCOPE_NAMES & set(FUNCTIONS)


def test_all_global_functions_of_the_sandbox_are_listed() -> None:
    assert set(Sandbox().globals) <= set(FUNCTIONS)


def test_filters_that_stand_for_functions_exist() -> None:
    assert set(FILTER_FOR_FUNCTION.values()) <= known_filters()
    assert not set(FILTER_FOR_FUNCTION) & set(FUNCTIONS)


def test_known_filters_and_tests_are_jinjas() -> None:
    assert {"default", "length", "tojson", "format", "map"} <= known_filters()
    assert {"defined", "none", "divisibleby", "in"} <= known_tests()
    assert "at_path" not in known_filters()
