"""The value of a string: types are kept, and text stays text."""

from collections.abc import Mapping
from typing import Any

import pytest
from expression_strategies import thorough
from hypothesis import given
from hypothesis import strategies as st

from otac.expressions.environment import compile_value
from otac.expressions.parse import uses_template

TICKETS = [{"id": 1, "subject": "VPN"}, {"id": 2, "subject": "Printer"}]
SCOPE: Mapping[str, Any] = {
    "config": {"min": 0.8, "queues": {"vpn": "Network"}, "items": [1]},
    "item": {"id": 5, "subject": "12345", "body": "None", "tags": ["a", "b"]},
    "tickets": TICKETS,
    "result": {"label": "vpn"},
    "nothing": None,
    "identity": lambda value: value,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # one expression: the value itself
        ("{{ item.id }}", 5),
        ("{{ item }}", SCOPE["item"]),
        ("{{ nothing }}", None),
        ("{{ config.min >= 0.5 }}", True),
        ("{{- item.id -}}", 5),
        ("\n  {{ item.id }}\n\n", 5),
        ("{{ 1, 2 }}", (1, 2)),
        ("{{ result }}", {"label": "vpn"}),
        ("{{ result.label }}", "vpn"),
        ("{{ '}}' }}", "}}"),
        ("{{ {'a': {'b': item.id}} }}", {"a": {"b": 5}}),
        ("{{ config.queues[result.label] }}", "Network"),
        ("{{ (config.map or {}).get('x', 'y') if config.map is defined }}", None),
        ("{{ item.missing | default('none yet') }}", "none yet"),
        ("{{ [item.id if false] }}", [None]),
        # one expression that yields text: never parsed
        ("{{ item.subject }}", "12345"),
        ("{{ item.body }}", "None"),
        ("{{ '[1, 2]' }}", "[1, 2]"),
        ("{{ item.id ~ '' }}", "5"),
        ("{{ item.id | string }}", "5"),
        # lazy sequences become lists, marked-up text becomes text
        ("{{ tickets | map(attribute='id') }}", [1, 2]),
        ("{{ {'ids': tickets | map(attribute='id')} }}", {"ids": [1, 2]}),
        ("{{ tickets | selectattr('id', 'gt', 1) }}", TICKETS[1:]),
        ("{{ tickets | groupby('id') | first }}", (1, [TICKETS[0]])),
        ("{{ range(3) }}", [0, 1, 2]),
        ("{{ config.queues.items() }}", [("vpn", "Network")]),
        ("{{ config.queues.keys() }}", ["vpn"]),
        ("{{ item.tags | batch(1) }}", [["a"], ["b"]]),
        ("{{ {'a': '<'} | tojson }}", '{"a": "\\u003c"}'),
        ("{{ '<b>' | escape }}", "&lt;b&gt;"),
        # anything else: text
        ("{{ item.id }}{{ item.id }}", "55"),
        ("{{ item.id }} {{ item.id }}", "5 5"),
        ("{{ item.id }}.", "5."),
        ("{# the id #}{{ item.id }}", "5"),
        ("{% set x = item.id %}{{ x }}", "5"),
        ("{%- set x = 1 -%}\n{{ x }}\n", "1"),
        ("{% if item.id > 3 %}high{% else %}low{% endif %}", "high"),
        ("{% for t in tickets %}{{ t.id }},{% endfor %}", "1,2,"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("a {{ tickets | map(attribute='id') }}", "a [1, 2]"),
        ("a{{ 'b' if false }}c", "ac"),
        ("a {{ nothing }}", "a None"),
        ("<{{ '<' }}>", "<<>"),
        ("a {{ 1 }}\n", "a 1"),
        ("a {{ 1 }}\n\n", "a 1\n"),
        # no template at all
        ("12345", "12345"),
        ("plain\n", "plain\n"),
        ("${NAME} {x} }}", "${NAME} {x} }}"),
        ("", ""),
    ],
)
def test_value(text: str, value: object) -> None:
    found = compile_value(text)(SCOPE)
    assert found == value
    assert type(found) is type(value)


def test_nothing_of_a_value_is_evaluated() -> None:
    hostile = "{{ 1 + 1 }}{% if x %}"
    assert compile_value("{{ x }}")({"x": hostile}) == hostile
    assert compile_value("a {{ x }}")({"x": hostile}) == f"a {hostile}"


@given(st.text())
@thorough
def test_any_text_survives(text: str) -> None:
    assert compile_value("{{ x }}")({"x": text}) == text
    assert compile_value("<{{ x }}>")({"x": text}) == f"<{text}>"
    if not uses_template(text):
        assert compile_value(text)({}) == text


def test_values_are_copies_of_plain_data() -> None:
    scope = {"x": {"a": [1]}}
    compile_value("{{ x }}")(scope)["a"].append(2)
    assert scope == {"x": {"a": [1]}}


def test_objects_are_handed_on_as_they_are() -> None:
    thing = object()
    assert compile_value("{{ x }}")({"x": thing}) is thing


def test_a_string_is_compiled_once() -> None:
    assert compile_value("{{ once }}") is compile_value("{{ once }}")


def test_what_a_function_in_scope_raises_passes() -> None:
    class Stopped(Exception):
        pass

    def stop(message: str) -> None:
        raise Stopped(message)

    with pytest.raises(Stopped, match=r"^queue is empty$"):
        compile_value("{{ stop('queue is empty') }}")({"stop": stop})
    with pytest.raises(Stopped, match=r"^queue is empty$"):
        compile_value("x {{ stop('queue is empty') }}")({"stop": stop})
