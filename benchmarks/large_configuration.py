"""A configuration of many runners, each with eight steps as real ones have them."""

_HEAD = """\
services:
  helpdesk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}
  classifier: {use: KeywordClassifier, labels: {Billing: [invoice], IT: [printer]}}
orchestrator:
  defaults: {retries: 3, timeout_seconds: 60}
  runners:
"""

_RUNNER = """\
    - pipe_id: runner_@
      description: "Routes the tickets of queue @ to the team that can answer them"
      interval_seconds: 900
      tags: [queue-@]
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            injects: {ticket_system: helpdesk}
            ticket_search_criteria:
              queue: {name: "Queue @"}
              limit: 25
          - id: check
            use: Expression
            expression: >-
              {{ stop('nothing to do') if get_pipe_result('fetch', 'fetched_tickets')
              | length == 0 else 'Tickets found' }}
          - id: ticket
            use: Expression
            expression: "{{ get_pipe_result('fetch', 'fetched_tickets')[0] }}"
          - id: classify
            use: Classify
            injects: {classification_service: classifier}
            text: "{{ get_pipe_result('ticket')['subject'] }} in queue @"
            model_name: "example/queue-model"
            retries: 2
            retry_delay_seconds: [5, 30]
          - id: select
            use: Expression
            expression: "{{ get_pipe_result('classify', 'label')
              if get_pipe_result('classify', 'confidence') >= 0.8 else 'Other @' }}"
            depends_on: classify
          - id: move
            use: UpdateTicket
            injects: {ticket_system: helpdesk}
            if: "{{ has_succeeded('select') }}"
            ticket_id: "{{ get_pipe_result('ticket')['id'] }}"
            updated_ticket: {queue: {name: "{{ get_pipe_result('select') }}"}}
          - id: note
            use: AddNote
            injects: {ticket_system: helpdesk}
            ticket_id: "{{ get_pipe_result('ticket')['id'] }}"
            note:
              subject: "Automatic classification by runner @"
              body: |
                The ticket was moved to {{ get_pipe_result('select') }};
                the confidence was
                {{ get_pipe_result('classify', 'confidence') | round(2) }}.
          - id: not_moved
            use: AddNote
            injects: {ticket_system: helpdesk}
            if: "{{ has_failed('move') }}"
            ticket_id: "{{ get_pipe_result('ticket')['id'] }}"
            note:
              subject: "Not moved"
              body: "The ticket could not be moved by runner @; please look at it."
"""


def large_configuration(runners: int) -> str:
    """The text of a configuration of so many runners."""
    parts = [_RUNNER.replace("@", str(number)) for number in range(runners)]
    return _HEAD + "".join(parts)
