"""Expressions of older forms, and where each character of them was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from older_forms import document

from otac.dialects.rewriting import (
    Replaced,
    Words,
    asked_of_config,
    edited,
    environment_names,
    is_never,
    rewrite,
    rewrite_bare,
)
from otac.source.document import Mapping, Scalar
from otac.source.scalar_position import subspan

C = Words(at_path="nest_at", missing_is_none=True)
E = Words(at_path="nest_at", enclosing=("parent", "params"))
F = Words(at_path="get_at", fail_stops=True, enclosing=("parent", "params"))


def scalar(text: str) -> Scalar:
    return Scalar(text, text, '"', 0, len(text) + 2)


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        (C, "{{ x | at_path('a.b') }}", "{{ x | nest_at('a.b') }}"),
        (F, "{{ at_path(x, 'a.b') }}", "{{ get_at(x, 'a.b') }}"),
        (C, "{{ x.at_path }} at_path", "{{ x.at_path }} at_path"),
        (F, "{{ fail() if x else 1 }} fail()", "{{ stop() if x else 1 }} fail()"),
        (F, "{{ fail('none left') }}", "{{ stop('none left') }}"),
        (C, "{{ fail() }}", "{{ fail() }}"),
        (C, "{{ pipe_result('a') }}", "{{ pipe_result('a', default=none) }}"),
        (
            C,
            "{{ get_pipe_result(f('a', [1]), 'b').c }}",
            "{{ get_pipe_result(f('a', [1]), 'b', default=none).c }}",
        ),
        (
            C,
            "{{ pipe_result('a', default=0) }}",
            "{{ pipe_result('a', default=0) }}",
        ),
        (E, "{{ pipe_result('a') }}", "{{ pipe_result('a') }}"),
        (E, "{{ parent['q'] }} {{ parent.params.q }}", "{{ config['q'] }} {{ config.q }}"),
        (E, "{{ params.q }} {{ parent['params']['q'] }}", "{{ config.q }} {{ config['q'] }}"),
        (E, "{{ x.params }} {{ f(params=1) }}", "{{ x.params }} {{ f(params=1) }}"),
        (C, "http://${HOST}:${PORT:-80}/", "http://{{ get_env('HOST') }}:{{ get_env('PORT', default='80') }}/"),
        (F, "${A} {{ '${B}' }}", "{{ get_env('A') }} {{ '${B}' }}"),
        (C, "costs $5 and ${ x }", "costs $5 and ${ x }"),
        # A syntax error stays one, for the check to find.
        (F, "{{ fail() if }} {{ (", "{{ stop() if }} {{ ("),
    ],
)  # fmt: skip
def test_words(words: Words, before: str, after: str) -> None:
    assert rewrite(scalar(before), words, None).text == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{ a and config.x }}", "{{ a and config.x | default(none) }}"),
        ("{{ not config['x'] }}", "{{ not config['x'] | default(none) }}"),
        (
            "{{ (config.x or {}).get(1) }}",
            "{{ (config.x | default(none) or {}).get(1) }}",
        ),
        ("{{ 1 if config.x else 2 }}", "{{ 1 if config.x | default(none) else 2 }}"),
        # Known, or asked for more than its truth: a mistake stays one.
        ("{{ a and config.known }}", "{{ a and config.known }}"),
        ("{{ config.x }}", "{{ config.x }}"),
        ("{{ config.x.y and 1 }}", "{{ config.x.y and 1 }}"),
    ],
)
def test_an_absent_parameter_is_false(before: str, after: str) -> None:
    assert rewrite(scalar(before), C, frozenset(("known",))).text == after


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("{{ has_failed('a') and config.x }}", True),
        ("{{ config.x }}", True),
        ("{{ config.x and (a or b) }}", True),
        ("{{ has_failed('a') or config.x }}", False),
        ("{{ not config.x }}", False),
        ("{{ has_failed('a') and config.known }}", False),
        ("{{ f(config.x) and a }}", False),
        ("true", False),
    ],
)
def test_conditions_that_are_never_true(text: str, never: bool) -> None:
    assert is_never(text, frozenset(("known",))) is never


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ config.a }} {{ config['b c'] }}", {"a", "b c"}),
        ("{{ x.config.a }}", set()),
        ("{{ config }}", None),
        ("{{ config[name] }}", None),
        ("config.a", set()),
    ],
)
def test_what_is_asked_of_the_composite(text: str, names: set[str] | None) -> None:
    assert asked_of_config(text) == names


def test_names_in_the_environment() -> None:
    text = "{{ env.A ~ env['B C'] }} env.D {{ x.env.E }}"
    found = [(name, text[start:end]) for name, start, end in environment_names(text)]
    assert found == [("A", "A"), ("B C", "B C")]


def test_places_in_a_block_that_was_rewritten() -> None:
    text = (
        "a: |\n  first\n  {{ fail() if parent['q'] else\n     parent.params.size }}\n"
    )
    read = document(text)
    assert isinstance(read.root, Mapping)
    value = read.root.get("a")
    assert isinstance(value, Scalar)
    new = rewrite(value, F, None)
    for word, written in (("stop", "fail"), ("'q'", "'q'"), ("size", "size")):
        at = new.text.index(word)
        span = subspan(read, new, at, at + len(word))
        assert text[span.start : span.end] == written


@given(st.text(alphabet="abc ", max_size=30), st.data())
def test_what_was_kept_is_found_again(text: str, data: st.DataObject) -> None:
    cuts = sorted(
        data.draw(
            st.lists(st.integers(0, len(text)), max_size=6).filter(
                lambda x: len(x) % 2 == 0
            )
        )
    )
    edits = [
        Replaced(start, end, data.draw(st.sampled_from(["", "X", "YY"])))
        for start, end in zip(cuts[::2], cuts[1::2], strict=True)
    ]
    new = edited(scalar(text), edits)
    for index, character in enumerate(new.text):
        if character not in "XY" and new.written is not None:
            start, end = new.written.back(index, index + 1)
            assert text[start:end] == character


def test_a_condition_without_braces_keeps_its_places() -> None:
    text = "a: not has_failed('x') and parent['q']\n"
    read = document(text)
    assert isinstance(read.root, Mapping)
    value = read.root.get("a")
    assert isinstance(value, Scalar)
    new = rewrite_bare(value, E, None)
    assert new.text == "{{ not has_failed('x') and config['q'] }}"
    for word, written in (
        ("has_failed", "has_failed"),
        ("config", "parent"),
        ("q", "q"),
    ):
        at = new.text.index(word)
        span = subspan(read, new, at, at + len(word))
        assert text[span.start : span.end] == written
