"""Templates in arguments, and what they can use besides other steps."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from stand_ins import Play, yields

from otac.runtime import Run, Template


async def echo(**arguments: Any) -> dict[str, Any]:
    return dict(arguments)


def called(params: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
    return asyncio.run(Run("flow", params).call(echo, **arguments))


def failure(play: Play, text: str) -> str:
    async def steps(run: Run) -> None:
        await run.step("a", yields(text))

    message: str = play(steps).outcome().message
    return message


def test_templates_are_rendered_at_any_depth() -> None:
    one = Template("{{ params.n }}")
    assert called(
        {"n": 1}, plain="{{ params.n }}", deep={"a": [one, {"b": (one, "x")}]}, n=one
    ) == {"plain": "{{ params.n }}", "deep": {"a": [1, {"b": [1, "x"]}]}, "n": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ params.number }}", 12345),
        ("{{ params.text }}", "12345"),
        ("{{ params.none }}", None),
        ("{{ params.list }}", ["a", 1]),
        ("  {{ params.list }}\n", ["a", 1]),
        ("{{ params.number }}{{ params.number }}", "1234512345"),
        ("Number {{ params.number }}", "Number 12345"),
        ("{{ params.none }}!", "None!"),
        ("{{ params['text'] }}", "12345"),
        ("{{ params.keys }}", "a parameter"),
        ("{{ params.get('absent', 'default') }}", "default"),
        ("{{ params.absent | default('none') }}", "none"),
        ("{{ params | length }}", 5),
        ("{{ get_at({'a': [{'b': 1}]}, 'a.0.b') }}", 1),
        ("{{ nest_at(1, 'a.b') }}", {"a": {"b": 1}}),
    ],
)
def test_an_expression_keeps_its_type_and_text_stays_text(
    text: str, value: object
) -> None:
    params = {
        "number": 12345,
        "text": "12345",
        "none": None,
        "list": ["a", 1],
        "keys": "a parameter",
    }
    assert called(params, value=Template(text)) == {"value": value}


def test_all_parameters_together_are_plain_data() -> None:
    params = {"queue": "inbox", "keys": 1}
    result = called(params, value=Template("{{ params }}"))
    assert type(result["value"]) is dict
    assert result == {"value": params}
    text = called(params, value=Template("All: {{ params }}"))
    assert text == {"value": f"All: {params}"}


def test_a_ticket_is_never_a_template() -> None:
    subject = "{{ secret('password') }}"
    assert called({"s": subject}, value=Template("{{ params.s }}")) == {
        "value": subject
    }


def test_now_has_a_time_zone() -> None:
    value = called(value=Template("{{ now() }}"))["value"]
    assert datetime.now(UTC) - value < timedelta(minutes=1)


def test_the_environment(monkeypatch: pytest.MonkeyPatch, play: Play) -> None:
    monkeypatch.setenv("QUEUE", "inbox")
    monkeypatch.delenv("ABSENT", raising=False)
    values = {
        "{{ env.QUEUE }}": "inbox",
        "{{ env['QUEUE'] }}": "inbox",
        "{{ get_env('QUEUE') }}": "inbox",
        "{{ get_env('ABSENT', default='x') }}": "x",
        "{{ get_env('ABSENT', none) }}": None,
        "{{ env.ABSENT | default('x') }}": "x",
        "{{ env.ABSENT is defined }}": False,
        "{{ env['ABSENT'] is defined }}": False,
    }
    for text, value in values.items():
        assert called(value=Template(text)) == {"value": value}
    for text in ("{{ env.ABSENT }}", "{{ env['ABSENT'] }}", "{{ get_env('ABSENT') }}"):
        assert failure(play, text) == (
            f"step `a` failed: `{text}`: the environment variable `ABSENT` is not set"
        )


def test_the_environment_is_nothing_but_variables(play: Play) -> None:
    assert failure(play, "{{ env.__class__ }}") == (
        "step `a` failed: `{{ env.__class__ }}`: `__class__` is not open to expressions"
    )
    assert failure(play, "{{ env._secrets }}") == (
        "step `a` failed: `{{ env._secrets }}`: `_secrets` is not open to expressions"
    )


def test_a_missing_result_names_the_expression(play: Play) -> None:
    assert failure(play, "{{ get_pipe_result('b') }}") == (
        "step `a` failed: `{{ get_pipe_result('b') }}`:"
        " step `b` has not run, so it has no result"
    )


@pytest.mark.parametrize("call", ["get_pipe_result", "pipe_result"])
def test_results_of_other_steps(play: Play, call: str) -> None:
    async def fetch(run: Run) -> Any:
        return {"tickets": [{"id": 7}], "value": 3}

    async def steps(run: Run) -> None:
        await run.step("fetch", fetch)
        await run.step("a", yields(f"{{{{ {call}('fetch', 'tickets')[0].id }}}}"))
        await run.step("b", yields(f"{{{{ {call}('fetch') }}}}"))
        await run.step("c", yields(f"{{{{ {call}('fetch', none).value }}}}"))
        await run.step("d", yields(f"{{{{ {call}('c', 'x', default='y') }}}}"))

    results = play(steps).outcome()
    assert [results[name]["value"] for name in "abcd"] == [7, 3, 3, "y"]
