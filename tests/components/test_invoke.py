"""Calling components: conversion of arguments, services, refusals, results."""

import asyncio
import functools
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

import pytest
from pydantic import BaseModel, Field, field_validator

from otac.components import (
    Classification,
    Classifier,
    Component,
    Fail,
    KeywordClassifier,
    Named,
    Stop,
    TicketSystem,
    construct,
    invoke,
)

if TYPE_CHECKING:
    from decimal import Decimal


def call(component: Any, **arguments: object) -> dict[str, Any]:
    return asyncio.run(invoke(component, arguments))


def refusal(component: Any, **arguments: object) -> str:
    with pytest.raises(Fail) as caught:
        call(component, **arguments)
    # Pydantic's exception quotes the values, so it must not show in a traceback.
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return str(caught.value)


class Pager(Protocol):
    def page(self) -> None: ...


async def route(
    ticket_id: str,
    *,
    limit: Annotated[int, Field(ge=1)] = 10,
    labels: dict[str, list[str]] | None = None,
    mode: Literal["fast", "slow", "careful"] = "fast",
    classification_service: Classifier,
    pager: Pager | None = None,
) -> dict[str, Any]:
    label = (await classification_service.classify("an invoice")).label
    return {"id": ticket_id, "limit": limit, "labels": labels, "label": label}


class Route(Component):
    class Params(BaseModel):
        ticket_id: str
        target: Named = Named(name="Billing")

    params: Params
    classification_service: Classifier
    ticket_system: TicketSystem | None = None

    async def run(self) -> Params:
        assert self.ticket_system is None
        return self.params


WORDS = KeywordClassifier({"Billing": ["invoice"]})


def test_text_of_digits_stays_text_where_text_is_declared() -> None:
    result = call(route, ticket_id="12345", limit="7", classification_service=WORDS)
    assert result == {"id": "12345", "limit": 7, "labels": None, "label": "Billing"}


def test_a_number_becomes_text_where_text_is_declared() -> None:
    assert call(route, ticket_id=12, classification_service=WORDS)["id"] == "12"
    assert call(Route, ticket_id=12, classification_service=WORDS) == {
        "ticket_id": "12",
        "target": {"id": None, "name": "Billing"},
    }


def test_a_class_gets_parameters_and_services() -> None:
    assert call(
        Route, ticket_id="a", target={"id": 3}, classification_service=WORDS
    ) == {"ticket_id": "a", "target": {"id": "3", "name": None}}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "`route` needs the service `classification_service`; needs `ticket_id`"),
        (
            {"ticket_id": "1", "classification_service": WORDS, "limmit": "hunter2"},
            "`route` has no parameter `limmit` (did you mean `limit`?)",
        ),
        (
            {"ticket_id": "1", "classification_service": WORDS, "limit": "hunter2"},
            "`route` needs `limit` to be a valid integer",
        ),
        (
            {"ticket_id": "1", "classification_service": WORDS, "limit": 0},
            "`route` needs `limit` to be greater than or equal to 1",
        ),
        (
            {"ticket_id": ["hunter2"], "classification_service": WORDS, "zzz": 1},
            "`route` has no parameter `zzz`; needs `ticket_id` to be a valid string",
        ),
        (
            {"ticket_id": "1", "classification_service": WORDS, "mode": "hunter2"},
            "`route` needs `mode` to be 'fast', 'slow' or 'careful'",
        ),
        (
            {
                "ticket_id": "1",
                "classification_service": WORDS,
                "labels": {"a\nb": "hunter2"},
            },
            "`route` needs `labels.a\N{REPLACEMENT CHARACTER}b` to be a valid list",
        ),
        (
            {"ticket_id": "1", "classification_service": "hunter2"},
            "`route` needs `Classifier` as `classification_service`, not `str`",
        ),
    ],
)
def test_refusals_name_the_parameter_and_never_the_value(
    arguments: dict[str, object], message: str
) -> None:
    assert refusal(route, **arguments) == message
    assert "hunter2" not in message


def test_a_class_refuses_in_the_same_words() -> None:
    assert refusal(Route, ticket="1", classification_service=3) == (
        "`Route` has no parameter `ticket` (did you mean `ticket_id`?);"
        " needs `Classifier` as `classification_service`, not `int`; needs `ticket_id`"
    )
    assert refusal(
        Route, ticket_id="1", target={"nam": "x"}, classification_service=WORDS
    ) == ("`Route` has no parameter `target.nam`")


class Quoting(Component):
    class Params(BaseModel):
        secret: str

        @field_validator("secret")
        @classmethod
        def check(cls, value: str) -> str:
            raise ValueError(f"{value} is wrong")

    params: Params

    async def run(self) -> None: ...


def test_what_a_validator_says_is_not_repeated() -> None:
    assert refusal(Quoting, secret="hunter2") == (
        "`Quoting` cannot use the value of `secret`"
    )


def test_names_of_any_length_and_kind_fit_in_one_line() -> None:
    message = refusal(
        route, ticket_id="1", classification_service=WORDS, **{"\n" * 99: 1}
    )
    assert "\n" not in message
    assert len(message) < 120


def test_a_plain_function_runs_in_a_thread() -> None:
    def where(n: int) -> tuple[bool, int]:
        return threading.current_thread() is threading.main_thread(), n

    assert call(where, n="3") == {"value": [False, 3]}


def test_a_plain_function_that_returns_an_awaitable() -> None:
    assert (
        call(functools.partial(route, classification_service=WORDS), ticket_id="1")[
            "label"
        ]
        == "Billing"
    )


class Callable_:
    async def __call__(self, word: str) -> str:
        return word * 2


def test_an_object_with_an_async_call() -> None:
    assert call(Callable_(), word=1) == {"value": "11"}
    assert refusal(Callable_(), wort=1) == (
        "`Callable_` has no parameter `wort` (did you mean `word`?); needs `word`"
    )


def test_further_keywords_are_accepted_where_the_function_says_so() -> None:
    def take(a: int, **rest: object) -> dict[str, object]:
        return {"a": a, **rest}

    assert call(take, a="1", b="2") == {"a": 1, "b": "2"}


class Open(Component):
    class Params(BaseModel, extra="allow"):
        a: int

    params: Params

    def run(self) -> BaseModel:
        return self.params


def test_a_class_with_a_plain_run_and_further_parameters() -> None:
    assert call(Open, a="1", b="2") == {"a": 1, "b": "2"}


class Aliased(Component):
    class Params(BaseModel):
        kind: str = Field(alias="type")

    params: Params

    async def run(self) -> str:
        return self.params.kind


def test_an_alias_is_the_name() -> None:
    assert call(Aliased, type="a") == {"value": "a"}
    assert refusal(Aliased) == "`Aliased` needs `type`"


def test_annotations_that_are_text(tmp_path: Path) -> None:
    (tmp_path / "acme_pipes.py").write_text(
        """
from __future__ import annotations
from pydantic import BaseModel
from otac.components import Classifier, Component

async def function(n: int, *, classification_service: Classifier) -> int:
    return n

class Class(Component):
    class Params(BaseModel):
        n: int

    params: Params
    classification_service: Classifier

    async def run(self) -> int:
        return self.params.n
""",
        encoding="utf-8",
    )
    code = """
import asyncio, acme_pipes
from otac.components import KeywordClassifier, invoke
given = {"n": "3", "classification_service": KeywordClassifier({})}
for component in (acme_pipes.function, acme_pipes.Class):
    print(asyncio.run(invoke(component, given)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "{'value': 3}\n" * 2


def test_a_class_that_is_no_component_is_refused() -> None:
    assert refusal(KeywordClassifier, labels={}) == (
        "`KeywordClassifier` is a class and no `Component`"
    )


def test_annotations_that_exist_for_type_checkers_only() -> None:
    def pay(amount: "Decimal") -> None: ...

    with pytest.raises(Fail) as caught:
        call(pay, amount=1)
    assert str(caught.value) == (
        "`pay` has an annotation that cannot be resolved: `Decimal` is not importable"
        " at run time"
    )


def test_a_component_without_run() -> None:
    class Idle(Component):
        pass

    with pytest.raises(NotImplementedError, match="`Idle` has no method `run`"):
        call(Idle)


@dataclass
class Point:
    x: int
    at: datetime


@pytest.mark.parametrize(
    ("returned", "result"),
    [
        (None, {"value": None}),
        ("text", {"value": "text"}),
        ([Named(id="1")], {"value": [{"id": "1", "name": None}]}),
        ({"deep": {"n": Named(name="x")}}, {"deep": {"n": {"id": None, "name": "x"}}}),
        (
            Classification(label="a", confidence=1, scores={"a": 1}),
            {"label": "a", "confidence": 1.0, "scores": {"a": 1.0}, "reason": None},
        ),
        (
            Point(1, datetime(2026, 1, 1, tzinfo=UTC)),
            {"x": 1, "at": "2026-01-01T00:00:00Z"},
        ),
    ],
)
def test_results_are_plain_data(returned: object, result: dict[str, Any]) -> None:
    async def component() -> object:
        return returned

    assert call(component) == result


@pytest.mark.parametrize("outcome", [Stop("enough"), Fail("no"), ValueError("broken")])
def test_exceptions_come_through(outcome: Exception) -> None:
    def component() -> None:
        raise outcome

    with pytest.raises(type(outcome)) as caught:
        call(component)
    assert caught.value is outcome


class Service:
    def __init__(self, url: str, *, retries: int = 3) -> None:
        self.settings = (url, retries)


def test_services_are_constructed_with_converted_arguments() -> None:
    service = construct(Service, {"url": "http://x", "retries": "5"})
    assert service.settings == ("http://x", 5)


def test_a_service_refuses_without_saying_the_value() -> None:
    with pytest.raises(Fail) as caught:
        construct(Service, {"uri": "hunter2", "retries": "hunter2"})
    assert str(caught.value) == (
        "`Service` has no parameter `uri` (did you mean `url`?); needs `url`;"
        " needs `retries` to be a valid integer"
    )
