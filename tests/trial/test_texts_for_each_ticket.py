"""Expressions that a component renders itself, from the configuration to the note."""

from pathlib import Path

from test_trial import Certain
from trying import helpdesk, run, trials

from otac.components.ticket_system import DecidedNote
from otac.trial.trial import Given

_MAPPED = """
    services:
      desk: {use: OTOBOZnunyTicketSystem, base_url: "https://nowhere.invalid", password: p}
      model: {use: HuggingFaceClassifier, model_name: acme/queues}
    orchestrator:
      runners:
        - pipe_id: route
          interval_seconds: 60
          parameters: {hotline: "4711"}
          pipe:
            use: ProcessTickets
            queue: Incoming
            priorities: {}
            queue_map: {"Hardware/*": Hardware, "*": Billing}
            text: "{{ ticket.subject }}|{{ ticket.queue.name }}|{{ params.hotline }}"
            note_subject: "AI: {{ decision.queue }} ({{ decision.queue_by }})"
            note_body: |
              {{ decision.text }}
              {% if ticket.priority.name == "3 normal" %}Call {{ params.hotline }}.{% endif %}
    """
_STEPS = """
    services:
      desk: {use: OTOBOZnunyTicketSystem, base_url: "https://nowhere.invalid", password: p}
      model: {use: KeywordClassifier, labels: {Money: [invoice]}}
    orchestrator:
      runners:
        - pipe_id: triage
          interval_seconds: 60
          pipe:
            steps:
              - {id: fetch, use: FetchTickets, ticket_search_criteria: {queue: {name: Incoming}}}
              - id: each
                for_each: "{{ get_pipe_result('fetch', 'fetched_tickets') }}"
                steps:
                  - id: classify
                    use: Classify
                    text: "{{ item.subject }}"
                    label_map: {Money: Billing}
                    min_confidence: 0.5
                  - id: move
                    if: "{{ get_pipe_result('classify', 'target') is not none }}"
                    use: UpdateTicket
                    ticket_id: "{{ item.id }}"
                    updated_ticket:
                      queue: {name: "{{ get_pipe_result('classify', 'target') }}"}
                  - id: note
                    if: "{{ has_succeeded('move') }}"
                    use: AddNote
                    ticket_id: "{{ item.id }}"
                    note: moved
                    decision:
                      queue:
                        from: "{{ item.queue.name }}"
                        to: "{{ get_pipe_result('classify', 'target') }}"
                        label: "{{ get_pipe_result('classify', 'label') }}"
                        confidence: "{{ get_pipe_result('classify', 'confidence') }}"
    """


def test_each_ticket_has_its_own_text_and_note(tmp_path: Path) -> None:
    desk = helpdesk(
        {"id": 1, "subject": "Screen {{ 1 + 1 }}"},
        {"id": 2, "subject": "Mouse", "priority": "4 high"},
    )
    model = Certain("Hardware/Screens", 0.9)
    outcome = run(trials(tmp_path, _MAPPED), "route", Given(desk, {"model": model}))
    assert outcome.state == "Completed"
    # What a ticket says is text, whatever it looks like.
    assert sorted(model.asked) == [
        "Mouse|Incoming|4711",
        "Screen {{ 1 + 1 }}|Incoming|4711",
    ]
    assert {ticket.queue.name for ticket in outcome.tickets.values()} == {"Hardware"}
    (first,), (second,) = (outcome.tickets[one].notes for one in ("1", "2"))
    assert first.subject == "AI: Hardware (Certain)"
    assert first.body.splitlines() == [
        "queue: Hardware, label Hardware/Screens, confidence 0.90",
        "decided by Certain",
        "Call 4711.",
    ]
    assert "Call" not in second.body


def test_a_runner_of_single_steps_tells_what_it_decided(tmp_path: Path) -> None:
    desk = helpdesk({"id": 1, "subject": "invoice"}, {"id": 2, "subject": "Hm"})
    outcome = run(trials(tmp_path, _STEPS), "triage", Given(desk))
    assert outcome.state == "Completed"
    (note,) = outcome.tickets["1"].notes
    assert isinstance(note, DecidedNote)
    assert note.body == "moved"
    choice = note.decision.queue
    assert choice is not None
    assert (choice.before, choice.after, choice.label) == (
        "Incoming",
        "Billing",
        "Money",
    )
    assert choice.confidence is not None
    assert outcome.tickets["2"].notes == ()
