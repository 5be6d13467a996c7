"""What a step can ask of others, and which one an id means."""

from typing import Any

import pytest
from stand_ins import Play, render, yields

from otac.expressions.problem import ExpressionError
from otac.runtime import Late, Run, Template
from otac.runtime.record import Failure, Record, Skip, Success
from otac.runtime.scope import Item, Scope
from otac.runtime.view import View


def a_list(key: str = "flow", **config: Any) -> Scope:
    return Scope(key, config=View(config))


def value(result: Any) -> Success:
    return Success({"value": result})


def test_the_nearest_list_wins() -> None:
    outer = a_list()
    inner = outer.step("group").list(View({}))
    outer.records["a"] = value("outer")
    outer.records["b"] = value("outer")
    inner.records["a"] = value("inner")
    step = inner.step("asking")
    assert step.get_pipe_result("a") == "inner"
    assert step.get_pipe_result("b") == "outer"
    assert outer.get_pipe_result("a") == "outer"


def test_steps_inside_of_a_composite_are_found_by_path_and_by_id() -> None:
    scope = a_list()
    deep = Success({}, {"leaf": value("leaf")})
    scope.records["group"] = Success({}, {"a": value("a"), "deep": deep})
    for name in ("group.a", "a"):
        assert scope.get_pipe_result(name) == "a"
    for name in ("group.deep.leaf", "deep.leaf", "leaf"):
        assert scope.get_pipe_result(name) == "leaf"
    assert scope.find("p.a") is None


def test_steps_inside_of_a_failed_composite_are_found_too() -> None:
    scope = a_list()
    inner: dict[str, Record] = {"good": value(1)}
    inner["bad"] = Failure("step `group.bad` failed: x")
    scope.records["group"] = Failure("step `group.bad` failed: x", inner)
    assert scope.get_pipe_result("good") == 1
    assert scope.has_failed("bad")
    assert scope.has_failed("group")


def test_a_bare_id_in_two_composites_is_ambiguous() -> None:
    scope = a_list()
    scope.records["x"] = Success({}, {"a": value(1)})
    scope.records["y"] = Success({}, {"a": value(2)})
    assert scope.get_pipe_result("y.a") == 2
    with pytest.raises(ExpressionError) as raised:
        scope.get_pipe_result("a")
    assert str(raised.value) == "several steps are called `a`: write the path"


def test_composites_of_the_own_list_come_before_those_further_out() -> None:
    outer = a_list()
    outer.records["x"] = Success({}, {"a": value("outer")})
    inner = outer.step("group").list(View({}))
    inner.records["y"] = Success({}, {"a": value("inner")})
    assert inner.get_pipe_result("a") == "inner"


def test_an_id_may_hold_dots() -> None:
    scope = a_list()
    scope.records["v1.0"] = value("dotted")
    scope.records["v1"] = Success({}, {"0": value("path")})
    assert scope.get_pipe_result("v1.0") == "dotted"


def test_keys_of_a_result() -> None:
    scope = a_list()
    scope.records["a"] = Success({"label": "IT", "value": None})
    assert scope.get_pipe_result("a", "label") == "IT"
    assert scope.get_pipe_result("a") is None
    assert scope.get_pipe_result("a", key=None) == {"label": "IT", "value": None}
    assert scope.get_pipe_result("a", "owner", default="nobody") == "nobody"
    assert scope.get_pipe_result("a", "owner", default=None) is None


def test_the_result_of_a_for_each_is_its_value() -> None:
    scope = a_list()
    scope.records["each"] = Success([1, None])
    assert scope.get_pipe_result("each") == [1, None]
    assert scope.get_pipe_result("each", None) == [1, None]
    with pytest.raises(ExpressionError) as raised:
        scope.get_pipe_result("each", "label")
    assert str(raised.value) == (
        "the result of step `each` is a list and has no key `label`"
    )


@pytest.mark.parametrize(
    ("id", "message"),
    [
        (
            "done",
            "the result of step `done` has no key `value`; it has `label`, `confidence`",
        ),
        ("empty", "the result of step `empty` has no key `value`; it has none"),
        (
            "skipped",
            "step `skipped` was skipped (its condition is false), so it has no result",
        ),
        ("failed", "step `failed` failed, so it has no result"),
        ("unreached", "step `unreached` has not run, so it has no result"),
    ],
)
def test_a_missing_result_is_an_error_that_says_why(id: str, message: str) -> None:
    scope = a_list()
    scope.records["done"] = Success({"label": "IT", "confidence": 0.9})
    scope.records["empty"] = Success({})
    scope.records["skipped"] = Skip("its condition is false")
    scope.records["failed"] = Failure("step `failed` failed: secret details")
    with pytest.raises(ExpressionError) as raised:
        scope.get_pipe_result(id)
    assert str(raised.value) == message
    assert scope.get_pipe_result(id, default=7) == 7


def test_a_skipped_step_has_neither_failed_nor_succeeded() -> None:
    scope = a_list()
    scope.records["skipped"] = Skip("its condition is false")
    for name in ("skipped", "unreached"):
        assert not scope.has_failed(name)
        assert not scope.has_succeeded(name)


def test_labels_and_keys_name_the_step_and_the_items() -> None:
    each = a_list().step("each", Item("x", 3))
    step = each.list(View({})).step("notes", Item("y", 0))
    assert step.label == "each.notes[3][0]"
    assert step.key == "flow/each[3]/notes[0]"
    assert each.list(View({})).step("classify").label == "each.classify[3]"


def test_the_innermost_item_is_the_one_in_scope(play: Play) -> None:
    seen: list[Any] = []

    async def note(run: Run) -> Any:
        seen.append(render(run, Template("{{ [item, index] }}")))

    async def inner(run: Run) -> None:
        await run.step("note", note)
        await run.step("notes", note, for_each=Template("{{ [item ~ 'x'] }}"))

    async def steps(run: Run) -> None:
        await run.step("each", inner, for_each=["a", "b"])

    play(steps)
    assert seen == [["a", 0], ["ax", 0], ["b", 1], ["bx", 0]]


def test_config_is_that_of_the_composite_around_the_step(play: Play) -> None:
    async def inner(run: Run) -> None:
        await run.step("own", yields("{{ config.limit }}"))
        await run.step("parent", yields("{{ parent.params.limit }}"))
        await run.step("further", yields("{{ parent.parent.params.limit }}"))
        await run.step("nearest", yields("{{ get_parent_param('limit') }}"))
        await run.step("outermost", yields("{{ get_parent_param('queue') }}"))
        await run.step("method", yields("{{ config.items }}"))
        await run.step("whole", yields("{{ parent.params }}"))

    async def middle(run: Run) -> None:
        await run.step(
            "inner",
            inner,
            config={"limit": Template("{{ config.limit + 1 }}"), "items": [1]},
        )

    async def steps(run: Run) -> None:
        await run.step("first", yields("{{ config.limit }}"))
        await run.step(
            "middle", middle, config={"limit": Template("{{ config.limit * 10 }}")}
        )

    root = {"limit": Template("{{ params.limit }}"), "queue": "inbox"}
    results = play(steps, {"limit": 2}, root).outcome()
    assert results["first"]["value"] == 2
    assert {name: r["value"] for name, r in results["middle"]["inner"].items()} == {
        "own": 21,
        "parent": 20,
        "further": 2,
        "nearest": 21,
        "outermost": "inbox",
        "method": [1],
        "whole": {"limit": 20},
    }


def test_a_composite_without_config_has_an_empty_one(play: Play) -> None:
    async def inner(run: Run) -> None:
        await run.step("ask", yields("{{ [config, parent.params] }}"))

    async def steps(run: Run) -> None:
        await run.step("inner", inner)

    assert play(steps, config={"limit": 2}).outcome() == {
        "inner": {"ask": {"value": [{}, {"limit": 2}]}}
    }


def test_the_flow_itself_has_no_parent(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("ask", yields("{{ parent.params.limit }}"))

    assert play(steps, config={"limit": 2}).outcome().message == (
        "step `ask` failed: `{{ parent.params.limit }}`: `params` was asked of none"
    )


def test_an_unknown_parent_parameter_is_named(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("ask", yields("{{ get_parent_param('limt') }}"))

    assert play(steps, config={"limit": 2}).outcome().message == (
        "step `ask` failed: `{{ get_parent_param('limt') }}`:"
        " no enclosing composite has a parameter `limt`"
    )


def test_config_is_rendered_where_it_is_written(play: Play) -> None:
    """Not where it is used: there, an inner step of the same id has run already."""

    async def inner(run: Run) -> None:
        await run.step("a", yields("inner"))
        await run.step("ask", yields("{{ config.seen }} {{ config.nth }}"))

    async def steps(run: Run) -> None:
        await run.step("a", yields("outer"))
        await run.step(
            "inner",
            inner,
            for_each=["x", "y"],
            config={
                "seen": Template("{{ get_pipe_result('a') }}"),
                "nth": Template("{{ index }}"),
                "unused": Template("{{ fail('rendered for nobody') }}"),
            },
        )

    results = play(steps).outcome()["inner"]
    assert [result["ask"]["value"] for result in results] == ["outer 0", "outer 1"]


def test_a_late_parameter_sees_the_results_of_the_step_that_reads_it(
    play: Play,
) -> None:
    """Names mean what they mean where the composite stands."""

    async def inmost(run: Run) -> None:
        await run.step("handed_on", yields("{{ config.text }}"))

    async def inner(run: Run) -> None:
        await run.step("answer", yields("{{ 1 }}"))
        await run.step("own", yields("{{ config.note.body }}"))
        await run.step("nearest", yields("{{ get_parent_param('note').body }}"))
        await run.step("answer_again", yields("{{ 2 }}"))
        text = Late(Template("{{ config.note.body }}"))
        await run.step("inmost", inmost, config={"text": text})
        await run.step(
            "each", yields("{{ config.by_item }}"), for_each=Template("{{ [5, 6] }}")
        )

    async def steps(run: Run) -> None:
        body = "{{ config.limit }} {{ get_pipe_result('answer') }}"
        body += "{{ get_pipe_result('answer_again', default='') }}"
        config = {
            "note": Late({"body": Template(body)}),
            "limit": 7,
            "by_item": Late(Template("{{ get_pipe_result('answer') }}")),
        }
        await run.step("inner", inner, config=config)

    results = play(steps, config={"limit": 2}).outcome()["inner"]
    assert results["own"]["value"] == "2 1"
    assert results["nearest"]["value"] == "2 1"
    assert results["inmost"]["handed_on"]["value"] == "2 12"
    assert [one["value"] for one in results["each"]] == [1, 1]
