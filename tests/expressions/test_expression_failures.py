"""Messages of failing expressions: what is wrong, and no value."""

from typing import Any

import pytest

from otac.expressions.environment import ExpressionError, compile_value

SCOPE: dict[str, Any] = {
    "item": {"id": 5, "password": "hunter2"},
    "params": {},
    "tickets": [{"id": 1}],
    "secret_key": "hunter2",
    "options": {"hunter2": 1},
    "nothing": None,
    "queues": {"vpn": "Network"},
    "needs_name": lambda *, name: name,
}
FUNCTION = (
    "the value is a function: call it with `()`, or write `['name']` for a key that has"
    " the name of a method"
)
CASES = {
    "{{ missing }}": "`missing` is not defined",
    "{{ missing.x }}": "`missing` is not defined",
    "a {{ missing }}": "`missing` is not defined",
    "{{ [item.id, missing] }}": "`missing` is not defined",
    "a {{ {'x': [missing]} }}": "`missing` is not defined",
    "{{ params.queue }}": "`queue` is not in the mapping, which has no keys",
    "{{ item['subject'] }}": (
        "`subject` is not in the mapping, which has `id`, `password`"
    ),
    "{{ queues[secret_key] }}": "the computed key is not in the mapping, which has `vpn`",
    "{{ tickets | map(attribute='subject') }}": (
        "`subject` is not in the mapping, which has `id`"
    ),
    "{{ tickets | groupby(secret_key) }}": (
        "the computed key is not in the mapping, which has `id`"
    ),
    "{{ tickets[3].id }}": "there is no item 3: there are 1",
    "{{ nothing.x }}": "`x` was asked of none",
    "{{ item.id.x }}": "`x` was asked of a number",
    "{{ secret_key.x }}": "`x` was asked of text",
    "{{ secret_key[secret_key] }}": "the computed key was asked of text",
    "{{ [] | first }}": "no first item, sequence was empty",
    "{{ secret_key + 1 }}": "can only concatenate str (not `int`) to str",
    "{{ secret_key >= 0.8 }}": "`>=` not supported between instances of `str` and `float`",
    "{{ needs_name(**options) }}": "<lambda>() got an unexpected keyword argument `…`",
    "{{ 1 / 0 }}": "division by zero",
    "{{ [1].index(secret_key) }}": "it raised ValueError",
    "{{ '%d' | format(secret_key) }}": (
        "%d format: a real number is required, not str"
    ),
    "{{ item.items }}": FUNCTION,
    "a {{ item.items }}": FUNCTION,
    "{{ namespace(a=1) }}": "the value is Jinja's own Namespace, not data",
    "{{ get_at(item, 'queue.name') }}": (
        "there is no `queue`: the mapping has `id`, `password`"
    ),
    "{{ x | nofilter }}": "it is not a template: No filter named 'nofilter'.",
    "{{ x": (
        "it is not a template: unexpected end of template, expected 'end of print"
        " statement'."
    ),
}


@pytest.mark.parametrize("text", CASES)
def test_message(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_value(text)(SCOPE)
    assert str(caught.value) == f"`{text}`: {CASES[text]}"
    assert "hunter2" not in str(caught.value)


def test_the_error_carries_no_other_error() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_value("{{ [1].index(secret_key) }}")(SCOPE)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_a_long_expression_is_shortened() -> None:
    text = "{{ missing }}\n\n" + "x" * 100
    with pytest.raises(ExpressionError) as caught:
        compile_value(text)({})
    message = f"`{{{{ missing }}}} {'x' * 65}…`: `missing` is not defined"
    assert str(caught.value) == message


def test_a_message_of_a_function_in_scope_is_kept() -> None:
    def get_pipe_result(id: str) -> None:
        raise ExpressionError(f"step `{id}` was skipped")

    with pytest.raises(ExpressionError) as caught:
        compile_value("{{ get_pipe_result('x') }}")(
            {"get_pipe_result": get_pipe_result}
        )
    assert str(caught.value) == "`{{ get_pipe_result('x') }}`: step `x` was skipped"
