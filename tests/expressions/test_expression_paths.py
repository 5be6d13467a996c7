"""`get_at` and `nest_at`."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otac.expressions.environment import ExpressionError, get_at, nest_at

TICKET: dict[str, Any] = {
    "queue": {"name": "Billing", "id": None},
    "notes": [{"body": "a"}, {"body": "b"}],
    "5": "text key",
    "by_number": {7: "seven"},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("queue.name", "Billing"),
        ("queue.id", None),
        ("notes.1.body", "b"),
        ("5", "text key"),
        ("by_number.7", "seven"),
        ("", TICKET),
    ],
)
def test_get_at(path: str, value: object) -> None:
    assert get_at(TICKET, path) == value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("queu.name", "there is no `queu`: the mapping has `queue`, `notes`, `5`,"),
        ("queue.label", "there is no `queue.label`: the mapping has `name`, `id`"),
        ("notes.2", "there is no `notes.2`: the list has 2 items, counted from 0"),
        ("notes.first", "there is no `notes.first`: the list has 2 items, counted"),
        ("queue.name.x", "there is no `queue.name.x`: it leads into text"),
        ("queue.id.x", "there is no `queue.id.x`: it leads into none"),
        ("queue..name", "the path `queue..name` has an empty part"),
        (".", "the path `.` has an empty part"),
        ("a" + ".a" * 100, "a path has at most 100 parts"),
    ],
)
def test_get_at_names_the_missing_part(path: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        get_at(TICKET, path)
    assert str(caught.value).startswith(message)


def test_only_the_first_keys_are_named() -> None:
    with pytest.raises(ExpressionError) as caught:
        get_at({f"k{number}": 0 for number in range(12)}, "x")
    assert str(caught.value).endswith("`k8`, `k9` and 2 more")


@pytest.mark.parametrize("path", [None, 5, ["a"]])
def test_a_path_is_text(path: Any) -> None:
    with pytest.raises(ExpressionError, match=r"^a path is text, not"):
        get_at(TICKET, path)


@pytest.mark.parametrize(
    ("path", "value"),
    [("a", {"a": 3}), ("priority.id", {"priority": {"id": 3}}), ("", 3)],
)
def test_nest_at(path: str, value: object) -> None:
    assert nest_at(3, path) == value


@given(st.lists(st.text(st.characters(exclude_characters=".")).filter(bool)))
def test_what_is_nested_is_found(parts: list[str]) -> None:
    path = ".".join(parts)
    assert get_at(nest_at("value", path), path) == "value"
