"""The same runs on Prefect and in a trial: states, attempts, results and tickets agree."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow
from prefect.client.schemas.objects import State
from prefect.flow_engine import run_flow
from trying import helpdesk, prepared, run

from otac.components.outcome import Fail
from otac.trial.outcome import Outcome
from otac.trial.trial import Given, ServiceFault, StepFault, Trials

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_api")]

_HEAD = """
services:
  desk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}
  words: {use: KeywordClassifier, params: {labels: {Billing: [invoice]}, word_precision: 0.8}}
orchestrator:
  defaults: {retries: 2, retry_delay_seconds: 0}
  runners:
    - pipe_id: tried
"""
_ROUTE = """
      pipe: {use: ProcessTickets, queue: Incoming, queues: {Billing: "", Hardware: ""}, priorities: {}}
"""
_FETCH = """
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            params: {ticket_search_criteria: {queue: {name: Incoming}, limit: 10}}
          - id: each
            for_each: "{{ get_pipe_result('fetch', 'fetched_tickets') }}"
            max_concurrency: 1
            ON_ERROR
            steps:
              - {id: label, use: Classify, params: {text: "{{ item.subject }}"}}
              - id: move
                if: "{{ get_pipe_result('label', 'label') is not none }}"
                use: UpdateTicket
                params:
                  ticket_id: "{{ item.id }}"
                  updated_ticket: {queue: {name: "{{ get_pipe_result('label', 'label') }}"}}
          - {id: after, use: Expression, params: {expression: "{{ 1 + 1 }}"}}
"""
_STEPS = """
      parameters: {word: a}
      pipe:
        steps:
          - {id: first, use: Expression, params: {expression: "{{ params.word }}"}}
          - {id: no, if: "{{ params.word == 'b' }}", use: Expression, params: {expression: "{{ 1 }}"}}
          - {id: needs, depends_on: no, use: Expression, params: {expression: "{{ 2 }}"}}
          - {id: loud, ON_ERROR, use: Expression, params: {expression: "{{ 3 }}"}}
          - {id: sorry, if: "{{ has_failed('loud') }}", use: Expression, params: {expression: "{{ 4 }}"}}
          - {id: end, use: Expression, params: {expression: "{{ stop('enough') if params.word == 'c' else 5 }}"}}
          - {id: last, use: Expression, params: {expression: "{{ 6 }}"}}
"""
_LOOPS = """
      parameters: {numbers: [1, 2, 3]}
      pipe:
        steps:
          - id: each
            for_each: "{{ params.numbers }}"
            max_concurrency: 2
            steps:
              - {id: twice, use: Expression, params: {expression: "{{ 2 * item }}"}}
              - id: inner
                for_each: "{{ [item, item * 10] }}"
                if: "{{ index > 0 }}"
                use: Expression
                params: {expression: "{{ item + 1 }}"}
          - {id: count, use: Expression, params: {expression: "{{ get_pipe_result('each') | length }}"}}
"""
_NESTED = """
      parameters: {word: a}
      pipe:
        steps:
          - id: outer
            word: "{{ params.word }}"
            ON_ERROR
            steps:
              - id: middle
                word: "{{ config.word }}{{ config.word }}"
                steps:
                  - {id: leaf, use: Expression, params: {expression: "{{ stop('deep') if config.word == 'cc' else config.word }}"}}
                  - {id: beside, use: Expression, params: {expression: "{{ 1 }}"}}
              - {id: below, use: Expression, params: {expression: "{{ 2 }}"}}
          - {id: sorry, if: "{{ has_failed('outer') }}", use: Expression, params: {expression: "{{ 3 }}"}}
          - {id: last, use: Expression, params: {expression: "{{ 4 }}"}}
"""
_RAISES = """
      parameters: {word: a}
      pipe:
        steps:
          - {id: asked, if: "{{ params.word + 1 }}", on_error: continue, use: Expression, params: {expression: "{{ 1 }}"}}
          - {id: said, use: Expression, params: {expression: "{{ params.word - 1 }}"}}
          - {id: last, use: Expression, params: {expression: "{{ 2 }}"}}
"""
_AGAIN = """
      flow_retries: 1
"""

_TICKETS = {3: "an invoice", 5: "hm", 8: "invoice again"}


def broken(*ids: str, attempts: int, error: Exception | None = None) -> StepFault:
    """A step whose first attempts fail."""
    return StepFault(ids, attempts, error or RuntimeError("503"))


def away(service: str, calls: int) -> ServiceFault:
    """A service whose first calls fail."""
    return ServiceFault(service, calls, OSError("connection refused"))


_CASES: dict[str, tuple[str, Mapping[str, Any], Sequence[StepFault | ServiceFault]]] = {
    "routed": (_ROUTE, {}, []),
    "routed at the third attempt": (_ROUTE, {}, [broken("tried", attempts=2)]),
    "not routed after three": (_ROUTE, {}, [broken("tried", attempts=3)]),
    "nothing in the queue": (_ROUTE, {"queue": "Hardware"}, []),
    "each ticket": (_FETCH, {}, []),
    "an item at the second attempt": (
        _FETCH,
        {},
        [broken("each", "move", attempts=1)],
    ),
    "an item that fails stops the list": (
        _FETCH,
        {},
        [broken("each", "move", attempts=9)],
    ),
    "an item that fails and is tolerated": (
        _FETCH.replace("ON_ERROR", "on_error: continue"),
        {},
        [broken("each", "move", attempts=9)],
    ),
    "an item that fails at the end": (
        _FETCH.replace("ON_ERROR", "on_error: fail_at_end"),
        {},
        [broken("each", "label", attempts=9)],
    ),
    "conditions and dependencies": (_STEPS, {}, []),
    "another branch": (_STEPS, {"word": "b"}, []),
    "stopped": (_STEPS, {"word": "c"}, []),
    "what fails stops the rest": (_STEPS, {}, [broken("loud", attempts=3)]),
    "what fails is tolerated": (
        _STEPS.replace("ON_ERROR", "on_error: continue"),
        {},
        [broken("loud", attempts=3)],
    ),
    "what fails counts at the end": (
        _STEPS.replace("ON_ERROR", "on_error: fail_at_end"),
        {},
        [broken("loud", attempts=3)],
    ),
    "what cannot succeed is tried once": (
        _STEPS,
        {},
        [broken("first", attempts=1, error=Fail("never"))],
    ),
    "the second attempt of the run succeeds": (
        _AGAIN + _STEPS,
        {},
        [broken("loud", attempts=4)],
    ),
    "the second attempt of the run fails": (
        _AGAIN + _STEPS,
        {},
        [broken("loud", attempts=9)],
    ),
    "the helpdesk is away twice": (_ROUTE, {}, [away("desk", 2)]),
    "the helpdesk stays away": (_ROUTE, {}, [away("desk", 99)]),
    "the classifier is away for a moment": (_FETCH, {}, [away("words", 1)]),
    "loops in loops": (_LOOPS, {}, []),
    "no items": (_LOOPS, {"numbers": []}, []),
    "an item of an item at the second attempt": (
        _LOOPS,
        {},
        [broken("each", "inner", attempts=1)],
    ),
    "items that are no numbers": (_LOOPS, {"numbers": ["a", None]}, []),
    "lists in lists": (_NESTED, {}, []),
    "a deep step fails": (_NESTED, {}, [broken("outer", "middle", "leaf", attempts=9)]),
    "a deep step fails and is tolerated": (
        _NESTED.replace("ON_ERROR", "on_error: continue"),
        {},
        [broken("outer", "middle", "leaf", attempts=9)],
    ),
    "a deep step cannot succeed": (
        _NESTED.replace("ON_ERROR", "on_error: fail_at_end"),
        {},
        [broken("outer", "middle", "beside", attempts=1, error=Fail("never"))],
    ),
    "a deep step stops the run": (_NESTED, {"word": "c"}, []),
    "expressions that raise": (_RAISES, {}, []),
}


async def on_prefect(
    flow: Flow[..., Any], parameters: Mapping[str, Any], waits: bool
) -> tuple[State[Any], Any]:
    """A run of Prefect's own engine, told to its API."""
    running: Any = run_flow(flow, parameters=dict(parameters), return_type="state")
    state = await running
    result = await state.result(raise_on_failure=False)
    return state, None if isinstance(result, Exception) else result


@pytest.mark.parametrize("case", _CASES)
def test_a_trial_is_what_prefect_does(case: str, tmp_path: Path) -> None:
    text, parameters, faults = _CASES[case]
    plan, generated = prepared(
        tmp_path, _HEAD + text.strip("\n").replace("ON_ERROR", "on_error: stop")
    )
    user = tmp_path.resolve()
    ended: list[Outcome] = []
    for trials in (
        Trials(plan, generated, user),
        Trials(plan, generated, user, engine=on_prefect),
    ):
        desk = helpdesk(
            *(
                {"id": number, "subject": subject, "created": "2026-03-02T09:00:00Z"}
                for number, subject in _TICKETS.items()
            )
        )
        ended.append(run(trials, "tried", Given(desk, {}, parameters, faults=faults)))
    alone, prefect = ended
    assert (alone.state, alone.message) == (prefect.state, prefect.message)
    assert alone.steps == prefect.steps
    assert alone.result == prefect.result
    assert _told(alone) == _told(prefect)


def _told(outcome: Outcome) -> dict[str, Any]:
    """The tickets without the times at which they and their notes were made."""
    return {
        key: ticket.model_dump(exclude={"created", "notes"})
        | {"notes": [note.subject for note in ticket.notes]}
        for key, ticket in outcome.tickets.items()
    }
