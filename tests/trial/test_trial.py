"""Runners, run once in this process, on a helpdesk in memory."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from trying import helpdesk, run, trials

from otac.components.classifier import Classification
from otac.components.outcome import Fail
from otac.trial.outcome import Outcome
from otac.trial.trial import Given, ServiceFault, StepFault

_GUIDE = """
    orchestrator:
      runners:
        - pipe_id: router
          pipe:
            use: ProcessTickets
            queue: Incoming
            priorities: {}
            retries: 2
            retry_delay_seconds: 3600
          interval_seconds: 300
    """
_STEPS = """
    services:
      desk: {use: OTOBOZnunyTicketSystem, params: {base_url: "https://nowhere.invalid",
        username: "{{ env.HELPDESK_USER }}", password: "{{ env.HELPDESK_PASSWORD }}"}}
      words: {use: KeywordClassifier, params: {labels: {Billing: [invoice]}, word_precision: 0.8}}
    orchestrator:
      runners:
        - pipe_id: triage
          pipe:
            steps:
              - id: fetch
                use: FetchTickets
                injects: {ticket_system: desk}
                params: {ticket_search_criteria: {queue: {name: Incoming}, limit: 10}}
              - id: each
                for_each: "{{ get_pipe_result('fetch', 'fetched_tickets') }}"
                steps:
                  - id: classify
                    use: Classify
                    injects: {classification_service: words}
                    params: {text: "{{ item.subject }}"}
                  - id: move
                    if: "{{ get_pipe_result('classify', 'confidence') > 0.5 }}"
                    use: UpdateTicket
                    injects: {ticket_system: desk}
                    params:
                      ticket_id: "{{ item.id }}"
                      updated_ticket:
                        queue: {name: "{{ get_pipe_result('classify', 'label') }}"}
    """


class Certain:
    """Says one thing, and how often it was asked."""

    def __init__(self, label: str, confidence: float) -> None:
        self.asked: list[str] = []
        self._made = Classification(
            label=label, confidence=confidence, scores={label: confidence}
        )

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        self.asked.append(text)
        return self._made


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks a server is refused."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", "false")


def _states(outcome: Outcome) -> dict[str, str]:
    return {
        ".".join(step.ids) + "".join(f"[{i}]" for i in step.indices): step.state
        for step in outcome.steps
    }


def test_a_runner_routes_tickets_that_exist_nowhere_else(tmp_path: Path) -> None:
    desk = helpdesk({"id": 7, "subject": "Charged twice"}, {"id": 9, "subject": "Hm"})
    given = Given(desk, {"classification_service": Certain("Billing", 0.9)})
    outcome = run(trials(tmp_path, _GUIDE), "router", given)
    assert (outcome.state, outcome.message) == ("Completed", "")
    assert outcome.tickets["7"].queue.name == "Billing"
    assert "Billing" in outcome.tickets["7"].notes[0].body
    assert outcome.result["router"]["handled"] == ["7", "9"]
    [step] = outcome.steps
    assert (step.ids, step.attempts) == (("router",), 1)
    assert [change.ticket_id for change in outcome.changes] == ["7", "9"]
    assert not list(tmp_path.glob("*.db"))


def test_an_empty_queue_stops_the_run(tmp_path: Path) -> None:
    outcome = run(trials(tmp_path, _GUIDE), "router", Given(helpdesk()))
    assert (outcome.state, outcome.message) == ("Stopped", "queue `Incoming` is empty")
    assert _states(outcome) == {"router": "Stopped"}


def test_a_real_helpdesk_is_replaced_and_its_credentials_are_not_asked_for(
    tmp_path: Path,
) -> None:
    desk = helpdesk({"subject": "an invoice"}, {"subject": "a printer"})
    outcome = run(trials(tmp_path, _STEPS), "triage", Given(desk, env={}))
    assert outcome.state == "Completed"
    assert _states(outcome) == {
        "fetch": "Completed",
        "each.classify[0]": "Completed",
        "each.move[0]": "Completed",
        "each[0]": "Completed",
        "each.classify[1]": "Completed",
        "each.move[1]": "Skipped",
        "each[1]": "Completed",
        "each": "Completed",
    }
    queues = [ticket.queue.name for ticket in outcome.tickets.values()]
    assert queues == ["Billing", "Incoming"]
    found = outcome.step("each", "classify", indices=(0,))
    assert found is not None
    assert found.result["label"] == "Billing"
    assert outcome.step("nothing") is None


def test_a_step_that_fails_at_first_is_tried_again_without_a_pause(
    tmp_path: Path,
) -> None:
    desk = helpdesk({"subject": "Charged twice"})
    fault = StepFault(("router",), 2, RuntimeError("503 Service Unavailable"))
    given = Given(
        desk, {"classification_service": Certain("Billing", 0.9)}, faults=[fault]
    )
    outcome = run(trials(tmp_path, _GUIDE), "router", given)
    assert outcome.state == "Completed"
    assert [step.attempts for step in outcome.steps] == [3]


def test_a_step_whose_attempts_are_used_up_fails_the_run(tmp_path: Path) -> None:
    fault = StepFault(("router",), 3, RuntimeError("503 Service Unavailable"))
    given = Given(helpdesk({"subject": "Hm"}), faults=[fault])
    outcome = run(trials(tmp_path, _GUIDE), "router", given)
    assert outcome.state == "Failed"
    assert outcome.message.startswith("step `router` failed after 3 attempts")
    assert "503 Service Unavailable [runner `router`, config.yml:" in outcome.message
    assert outcome.changes == ()


def test_what_trying_again_does_not_help_is_not_tried_again(tmp_path: Path) -> None:
    fault = StepFault(("each", "move"), 1, Fail("no such queue"))
    given = Given(helpdesk({"subject": "an invoice"}), faults=[fault])
    outcome = run(trials(tmp_path, _STEPS), "triage", given)
    assert outcome.state == "Failed"
    assert "no such queue" in outcome.message
    found = outcome.step("each", "move", indices=(0,))
    assert found is not None
    assert (found.state, found.attempts) == ("Failed", 1)


def test_a_service_that_fails_for_a_while(tmp_path: Path) -> None:
    desk = helpdesk({"subject": "Charged twice"})
    fault = ServiceFault("ticket_system", 1, OSError("connection refused"))
    certain = Certain("Billing", 0.9)
    given = Given(desk, {"classification_service": certain}, faults=[fault])
    outcome = run(trials(tmp_path, _GUIDE), "router", given)
    assert outcome.state == "Completed"
    assert [step.attempts for step in outcome.steps] == [2]
    assert certain.asked == ["Charged twice\n\n"]


def test_the_time_is_the_one_that_was_given(tmp_path: Path) -> None:
    config = """
        orchestrator:
          runners:
            - pipe_id: clock
              pipe:
                steps:
                  - {id: tell, use: Expression, params: {expression: "{{ now() }}"}}
                  - {id: old, use: CheckEscalations, params: {max_age_hours: 2}}
        """
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    desk = helpdesk(
        {"subject": "old", "created": "2026-03-02T06:59:00Z", "priority": "3 normal"},
        {"subject": "new", "created": "2026-03-02T07:01:00Z", "priority": "3 normal"},
    )
    outcome = run(trials(tmp_path, config), "clock", Given(desk, now=now))
    assert outcome.result["tell"]["value"] == now
    priorities = [ticket.priority.name for ticket in outcome.tickets.values()]
    assert priorities == ["4 high", "3 normal"]


def test_the_run_sees_the_variables_that_were_given_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = """
        orchestrator:
          runners:
            - pipe_id: look
              pipe:
                use: Expression
                params: {expression: "{{ get_env('A') }} {{ get_env('B', 'no') }}"}
        """
    monkeypatch.setenv("A", "outside")
    monkeypatch.setenv("B", "outside")
    ready = trials(tmp_path, config)
    outcome = run(ready, "look", Given(helpdesk(), env={"A": "inside"}))
    assert outcome.result == {"look": {"value": "inside no"}}
    assert os.environ["B"] == "outside"
    failed = run(ready, "look", Given(helpdesk(), env={}))
    assert "the environment variable `A` is not set" in failed.message


def test_parameters_of_the_flow_are_checked_and_passed(tmp_path: Path) -> None:
    desk = helpdesk({"subject": "an invoice", "queue": "Hardware"})
    given = Given(
        desk,
        {"classification_service": Certain("Billing", 0.9)},
        {"queue": "Hardware"},
    )
    ready = trials(tmp_path, _GUIDE)
    outcome = run(ready, "router", given)
    assert outcome.tickets["1"].queue.name == "Billing"
    wrong = run(ready, "router", Given(desk, parameters={"queue": [1]}))
    assert wrong.state == "Failed"
    assert "queue" in wrong.message
    unknown = run(ready, "router", Given(desk, parameters={"quue": "Hardware"}))
    assert unknown.state == "Failed"
    assert "quue" in unknown.message


def test_one_project_is_tried_many_times_and_its_services_are_built_once(
    tmp_path: Path,
) -> None:
    ready = trials(tmp_path, _STEPS)
    for _ in range(3):
        outcome = run(ready, "triage", Given(helpdesk({"subject": "an invoice"})))
        assert outcome.tickets["1"].queue.name == "Billing"


def test_a_short_interval_is_one_tick(tmp_path: Path) -> None:
    config = _GUIDE.replace("interval_seconds: 300", "interval_seconds: 2")
    desk = helpdesk({"subject": "Charged twice"})
    given = Given(desk, {"classification_service": Certain("Billing", 0.9)})
    outcome = run(trials(tmp_path, config), "router", given)
    assert outcome.state == "Completed"
    assert outcome.tickets["1"].queue.name == "Billing"
