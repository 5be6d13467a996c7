"""The same runs on Prefect and in a trial: states, attempts, results and tickets agree."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow
from prefect.client.schemas.objects import State
from prefect.exceptions import MissingResult
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
_TWO_OF_A_KIND = """
  archive: {use: SqliteTicketSystem, params: {path: archive.db}}
  others: {use: KeywordClassifier, params: {labels: {Hardware: [invoice]}, word_precision: 0.8}}
orchestrator:
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
_OWN = """
      parameters: {seconds: 0.0}
      pipe:
        steps:
          - {id: nap, use: "own:nap", timeout_seconds: 0.5, retries: 1, ON_ERROR, params: {seconds: "{{ params.seconds }}"}}
          - {id: sorry, if: "{{ has_failed('nap') }}", use: Expression, params: {expression: "{{ 1 }}"}}
          - {id: fit, use: "own:fit", params: {number: 7}}
          - {id: left, depends_on: fit, use: "own:give_up", on_error: continue, params: {why: not today}}
          - {id: beyond, depends_on: left, use: Expression, params: {expression: "{{ 2 }}"}}
"""
_INJECTS = """
      pipe:
        steps:
          - {id: one, use: Classify, injects: {classification_service: words}, params: {text: an invoice}}
          - {id: other, use: Classify, injects: {classification_service: others}, params: {text: an invoice}}
          - {id: new, use: CreateTicket, injects: {ticket_system: archive}, params: {new_ticket: {subject: "{{ get_pipe_result('other', 'label') }}", queue: {name: Billing}}}}
          - {id: note, use: AddNote, injects: {ticket_system: desk}, params: {ticket_id: "3", note: {subject: s, body: "b {{ get_pipe_result('one', 'confidence') }}", internal: false}}}
"""
_CLOCK = """
      schedules: [{cron: "0 4 * * *"}, {cron: "30 9 * * 1", parameters: {hours: 1}}]
      parameters: {hours: 400}
      pipe:
        steps:
          - {id: at, use: Expression, params: {expression: "{{ now().isoformat() }}"}}
          - {id: young, if: "{{ now().hour == 9 }}", use: Expression, params: {expression: "{{ now().date() }}"}}
          - {id: late, use: CheckEscalations, params: {max_age_hours: "{{ params.hours }}"}}
"""
_ITEMS = """
      parameters: {numbers: [1, 2, 0, 4, 0]}
      pipe:
        steps:
          - id: each
            for_each: "{{ params.numbers }}"
            max_concurrency: 3
            ON_ERROR
            steps:
              - {id: half, use: Expression, params: {expression: "{{ 4 // item }}"}}
              - {id: enough, if: "{{ item == 4 }}", use: Expression, params: {expression: "{{ stop('four') }}"}}
          - {id: count, if: "{{ not has_failed('each') }}", use: Expression, params: {expression: "{{ 1 }}"}}
"""
_OFTEN = """
      interval_seconds: 0.5
"""
_AGAIN = """
      flow_retries: 1
"""

# What a user might have written.
_MODULE = """
import asyncio
from otac.components import Fail

async def nap(seconds: float) -> dict[str, float]:
    await asyncio.sleep(seconds)
    return {"slept": seconds}

def fit(number: int) -> dict[str, list[int]]:
    return {"fits": list(range(number))}

def give_up(why: str) -> None:
    raise Fail(why)
"""
_NOW = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
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
    "components of the user's, one of which gives up": (_OWN, {}, []),
    "a step takes too long": (_OWN, {"seconds": 60.0}, []),
    "a step takes too long and is tolerated": (
        _OWN.replace("ON_ERROR", "on_error: continue"),
        {"seconds": 60.0},
        [],
    ),
    "the run takes too long": (
        "\n      flow_timeout_seconds: 1\n"
        + _OWN.replace("timeout_seconds: 0.5, ", ""),
        {"seconds": 60.0},
        [],
    ),
    "a parameter of another type": (_OWN, {"seconds": "a"}, []),
    "a parameter that is converted": (_OWN, {"seconds": "0"}, []),
    "services by name": (_INJECTS, {}, []),
    "one of two ticket systems is away": (_INJECTS, {}, [away("archive", 1)]),
    "the time of a schedule": (_CLOCK, {}, []),
    "what a schedule gives": (_CLOCK, {"hours": 1}, []),
    "several items fail": (_ITEMS.replace("ON_ERROR", "on_error: fail_at_end"), {}, []),
    "several items fail and are tolerated": (
        _ITEMS.replace("ON_ERROR", "on_error: continue"),
        {},
        [],
    ),
    "an item stops the run": (_ITEMS, {"numbers": [1, 4, 2]}, []),
    "a tick of a resident runner": (_OFTEN + _ROUTE, {}, []),
    "a tick with nothing to do": (_OFTEN + _ROUTE, {"queue": "Hardware"}, []),
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
    (tmp_path / "own.py").write_text(_MODULE, "utf-8")
    head = _HEAD
    if "injects" in text:
        head = head.replace("\norchestrator:\n", _TWO_OF_A_KIND)
    plan, generated = prepared(
        tmp_path, head + text.strip("\n").replace("ON_ERROR", "on_error: stop")
    )
    user = tmp_path.resolve()

    def outcome(trials: Trials) -> Outcome:
        desk = helpdesk(
            *(
                {"id": number, "subject": subject, "created": "2026-03-02T09:00:00Z"}
                for number, subject in _TICKETS.items()
            )
        )
        return run(trials, "tried", Given(desk, {}, parameters, _NOW, faults=faults))

    alone = outcome(Trials(plan, generated, user))
    prefect = _answered(
        lambda: outcome(Trials(plan, generated, user, engine=on_prefect))
    )
    assert (alone.state, alone.message) == (prefect.state, prefect.message)
    assert alone.steps == prefect.steps
    assert alone.result == prefect.result
    assert _told(alone) == _told(prefect)


def _answered(attempt: Callable[[], Outcome]) -> Outcome:
    """A run whose last state Prefect still had the data of.

    On a busy machine its client may tell the server of a state twice, and then has only
    what the server knows of it.
    """
    for _ in range(2):
        with suppress(MissingResult):
            return attempt()
    return attempt()


def _told(outcome: Outcome) -> dict[str, Any]:
    """The tickets without the times at which they were made."""
    return {
        key: ticket.model_dump(exclude={"created"})
        for key, ticket in outcome.tickets.items()
    }
