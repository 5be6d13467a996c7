"""The page for users says what is so."""

import ast
import re
from pathlib import Path

import pytest

from otac.expressions.environment import compile_value
from otac.expressions.function import FUNCTIONS, SCOPE_NAMES
from otac.expressions.parse import parse

PAGE = (Path(__file__).parents[2] / "docs" / "expressions.md").read_text("utf-8")
ROW = re.compile(r"^\| `(.*[}%#]\}.*)` \| `(.*)` \|$", re.MULTILINE)
EXAMPLES = [
    (text.replace(r"\|", "|"), ast.literal_eval(value))
    for text, value in ROW.findall(PAGE)
]
SCOPE = {
    "item": {"id": 5, "subject": "VPN", "tags": ["new", "vip"]},
    "tickets": [{"id": 1}, {"id": 2}],
}


def test_the_table_was_found() -> None:
    assert len(EXAMPLES) == 19


@pytest.mark.parametrize(("text", "value"), EXAMPLES)
def test_an_example_has_the_value_beside_it(text: str, value: object) -> None:
    found = compile_value(text)(SCOPE)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", re.findall(r'"(.*\{\{.*\}\}.*?)"', PAGE))
def test_an_expression_in_the_yaml_is_valid(text: str) -> None:
    assert parse(text).problem is None


@pytest.mark.parametrize("name", sorted([*FUNCTIONS, *SCOPE_NAMES]))
def test_each_name_is_described(name: str) -> None:
    assert re.search(rf"`{name}\b", PAGE)
