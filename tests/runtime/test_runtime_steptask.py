"""What is changed on a copy of the module's task."""

from typing import Any

import pytest
from prefect import Task, task
from prefect.cache_policies import DEFAULT, INPUTS, NO_CACHE

from otac.runtime.secrets import Secrets
from otac.runtime.steptask import StepTask


async def function(run: object) -> None: ...


def changed(original: Task[..., Any]) -> Task[..., Any]:
    return StepTask(original, object(), "each.work[3]", Secrets())._task


@pytest.mark.parametrize(
    ("original", "policy"),
    [
        (task(function), NO_CACHE),
        (task(persist_result=False)(function), NO_CACHE),
        # Here Prefect reads the result back when the flow is retried.
        (task(persist_result=True)(function), DEFAULT),
        (task(cache_policy=INPUTS)(function), INPUTS),
    ],
)
def test_prefect_computes_no_key_for_what_is_not_stored(
    original: Task[..., Any], policy: Any
) -> None:
    assert changed(original).cache_policy is policy


def test_what_somebody_wrote_by_hand_stays() -> None:
    def condition(*_: Any) -> bool:
        return True

    original = task(task_run_name="mine", retry_condition_fn=condition)(function)
    copy = changed(original)
    assert copy.task_run_name == "mine"
    assert copy.retry_condition_fn is condition


def test_the_original_is_not_touched() -> None:
    original = task(function)
    before = dict(vars(original))
    copy = changed(original)
    assert copy is not original
    assert copy.task_run_name == "each.work[3]"
    assert vars(original) == before
