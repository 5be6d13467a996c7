"""What configurations of releases lack, and what is put in for it, with the reason."""

from pathlib import Path

import pytest
from corrected import compiled, corrected, errors

from otac.diagnostics.edit import Safety

DESK = """\
services:
  desk: {use: SqliteTicketSystem, params: {path: a.db}}
  words: {use: KeywordClassifier, labels: {Bills: [invoice], Other: [hello]}}
"""
HEAD = (
    DESK
    + """\
orchestrator:
  runners:
    - pipe_id: one
      pipe:
"""
)
FETCH = "{id: fetch, use: FetchTickets, ticket_search_criteria: {limit: 1}}"
FIRST = "(get_pipe_result('fetch', 'fetched_tickets') | first)"
# A runner that every repair leaves as it is.
OTHER = """\
    - pipe_id: other
      pipe: {use: CheckEscalations, max_age_hours: 3}
"""
LIST = (
    HEAD
    + f"""\
        steps:
          - {FETCH}
          - {{id: classify, use: Classify, text: "{{{{ TEXT }}}}"}}
          - id: decide
            use: Expression
            expression: "{{{{ get_pipe_result('classify', 'label') }}}}"
"""
    + OTHER
)
NOTE = (
    HEAD
    + f"""\
        steps:
          - {FETCH}
          - id: queue
            QUEUE
            steps: &steps
              - {{id: classify, use: Classify, text: a}}
              - id: decide
                use: Expression
                expression: "{{{{ get_pipe_result('classify', 'label') }}}}"
              - id: say
                use: AddNote
                ticket_id: "{{{{ config.ticket.id }}}}"
                note: "{{{{ config.NAME }}}}"
          - id: again
            AGAIN
            steps: *steps
"""
    + OTHER
)
TICKET = f'ticket: "{{{{ {FIRST} }}}}"'


def note(
    queue: str, again: str = f"{TICKET}\n            note: b", name: str = "note"
) -> str:
    text = NOTE.replace("QUEUE", queue).replace("AGAIN", again)
    return text.replace("NAME", name)


OF_RESULTS = "{{ get_pipe_result('decide') }}"
CONFIRMED = {
    "the ticket, which drafts had a name for": (
        LIST.replace("TEXT", "data.ticket.subject"),
        LIST.replace("TEXT", f"{FIRST}.subject"),
    ),
    "the ticket alone, in single quotes": (
        LIST.replace('"{{ TEXT }}"', "'{{ ticket.subject }}'"),
        LIST.replace(
            '"{{ TEXT }}"', "'{{ " + FIRST.replace("'", "''") + ".subject }}'"
        ),
    ),
    "the ticket of the composite around": (
        note(f"{TICKET}\n            note: a").replace(
            "config.ticket.id", "data['ticket'].id"
        ),
        note(f"{TICKET}\n            note: a"),
    ),
    "a parameter that a step calls by a shorter name": (
        note(
            f"{TICKET}\n            success_full_low_confidence_note: a",
            f"{TICKET}\n            success_full_low_confidence_note: b",
            "note_low",
        ),
        note(
            f"{TICKET}\n            success_full_low_confidence_note: a",
            f"{TICKET}\n            success_full_low_confidence_note: b",
            "success_full_low_confidence_note",
        ),
    ),
    "a parameter that the composite beside it has": (
        note("note: a"),
        note(f"{TICKET}\n            note: a"),
    ),
    "results by the names of drafts": (
        note(f'{TICKET}\n            note: "{{{{ data.final_decision }}}}"').replace(
            "id: decide", "id: select_decision"
        ),
        note(
            f"{TICKET}\n            note: "
            "\"{{ get_pipe_result('select_decision', 'value') }}\""
        ).replace("id: decide", "id: select_decision"),
    ),
    "the confidence, whatever its model was called": (
        note(f'{TICKET}\n            note: "{{{{ current_state.cls.confidence }}}}"'),
        note(
            f"{TICKET}\n            note: "
            "\"{{ get_pipe_result('classify', 'confidence') }}\""
        ),
    ),
    "a step that does not say what it uses": (
        note(f"{TICKET}\n            note: a").replace(
            "- id: say\n                use: AddNote\n                ",
            "- id: say\n                ",
        ),
        note(f"{TICKET}\n            note: a").replace(
            "- id: say\n                use: AddNote\n",
            "- use: AddNote\n                id: say\n",
        ),
    ),
    "a key that no release handed on": (
        LIST.replace("TEXT", "1").replace(
            "{limit: 1}", "{priority: {name: x}, limit: 1}"
        ),
        LIST.replace("TEXT", "1"),
    ),
}
CERTAIN = {
    "a bracket around one key": (
        LIST.replace("TEXT", f"{FIRST}['subject'"),
        LIST.replace("TEXT", f"{FIRST}['subject']"),
    ),
    "a result as drafts kept it": (
        LIST.replace("TEXT", "data.pipes.fetch.fetched_tickets | length"),
        LIST.replace("TEXT", "get_pipe_result('fetch', 'fetched_tickets') | length"),
    ),
    "a name in place of a mapping with one": (
        LIST.replace("TEXT", "1").replace("{limit: 1}", "{state: new, limit: 1}"),
        LIST.replace("TEXT", "1").replace(
            "{limit: 1}", "{state: {name: new}, limit: 1}"
        ),
    ),
    "a name in the key": (
        LIST.replace("TEXT", "1").replace("{limit: 1}", "{queue_name: A B, limit: 1}"),
        LIST.replace("TEXT", "1").replace(
            "{limit: 1}", "{queue: {name: A B}, limit: 1}"
        ),
    ),
    "steps under another key": (
        HEAD.replace("pipe:", "pipe:\n        use: Composite\n        pipes:")
        + "          - {use: CheckEscalations}\n"
        + OTHER,
        HEAD.replace("pipe:", "pipe:\n        use: Composite\n        steps:")
        + "          - {use: CheckEscalations}\n"
        + OTHER,
    ),
}
FILLED_IN = {
    "a parameter that nobody gives": (
        note(
            f'{TICKET}\n            note: "{{{{ config.error_queue_name }}}}"'
        ).replace(
            "        steps:\n          - {id: fetch",
            "        least: 1\n        steps:\n          - {id: fetch",
        ),
        note(
            f'{TICKET}\n            note: "{{{{ config.error_queue_name }}}}"'
        ).replace(
            "        steps:\n          - {id: fetch",
            "        error_queue_name: \"{{ get_env('ERROR_QUEUE_NAME') }}\"\n"
            "        least: 1\n        steps:\n          - {id: fetch",
        ),
    ),
    "a number that nobody gives": (
        note(
            f'{TICKET}\n            note: "{{{{ 1 if 2 >= config.min_conf }}}}"'
        ).replace(
            "        steps:\n          - {id: fetch",
            "        least: 1\n        steps:\n          - {id: fetch",
        ),
        note(
            f'{TICKET}\n            note: "{{{{ 1 if 2 >= config.min_conf }}}}"'
        ).replace(
            "        steps:\n          - {id: fetch",
            "        min_conf: \"{{ get_env('MIN_CONF') | float }}\"\n"
            "        least: 1\n        steps:\n          - {id: fetch",
        ),
    ),
    "what to search for": (
        LIST.replace("TEXT", "1").replace(", ticket_search_criteria: {limit: 1}", ""),
        LIST.replace("TEXT", "1").replace(
            ", ticket_search_criteria: {limit: 1}",
            ", params: {ticket_search_criteria: "
            "{queue: {name: \"{{ get_env('HELPDESK_QUEUE') }}\"}}}",
        ),
    ),
}


@pytest.mark.parametrize(("wrong", "right"), CONFIRMED.values(), ids=CONFIRMED)
def test_what_is_plausible_is_made_when_asked_for(
    wrong: str, right: str, tmp_path: Path
) -> None:
    expect(wrong, right, Safety.CONFIRM, tmp_path)


@pytest.mark.parametrize(("wrong", "right"), CERTAIN.values(), ids=CERTAIN)
def test_what_is_certain_is_made_at_once(
    wrong: str, right: str, tmp_path: Path
) -> None:
    expect(wrong, right, Safety.CERTAIN, tmp_path)


@pytest.mark.parametrize(("wrong", "right"), FILLED_IN.values(), ids=FILLED_IN)
def test_what_only_the_owner_knows_is_read_from_the_environment(
    wrong: str, right: str, tmp_path: Path
) -> None:
    expect(wrong, right, Safety.PLACEHOLDER, tmp_path)


def expect(wrong: str, right: str, safety: Safety, folder: Path) -> None:
    """The correction and nothing else; the other runner is written as before, to the byte."""
    assert errors(compiled(wrong.encode(), folder))
    sound = compiled(right.encode(), folder)
    assert not errors(sound)
    certain = corrected(wrong.encode(), folder)
    if safety is not Safety.CERTAIN:
        assert certain.data.decode() == wrong
    fixed = corrected(wrong.encode(), folder, unsafe=True)
    assert fixed.data.decode() == right
    assert {made.correction.safety for made in fixed.made} == {safety}
    for made in fixed.made:
        # One plain sentence each: it is printed, and written into the file as a comment.
        reason = made.correction.reason
        assert bool(reason) == (safety is not Safety.CERTAIN)
        assert "\n" not in reason
    alone = HEAD.replace("    - pipe_id: one\n      pipe:\n", OTHER)
    assert other_flow(fixed.data, folder) == other_flow(alone.encode(), folder)


def other_flow(data: bytes, folder: Path) -> str:
    output = compiled(data, folder).output
    assert output is not None
    (found,) = (
        artifact.text
        for artifact in output.artifacts
        if artifact.path == "generated/flows/other.py"
    )
    return found


NOT_MADE = {
    "two steps fetch tickets": LIST.replace("TEXT", "ticket.subject").replace(
        f"- {FETCH}\n",
        f"- {FETCH}\n          - {FETCH.replace('fetch', 'fetch_more')}\n",
    ),
    "two steps beside it have another value": note(
        "note: a",
        f"{TICKET}\n            note: b\n            steps: *steps\n"
        "          - id: third\n            ticket: {id: 1}\n            note: c",
    )
    .replace(FETCH, "{id: fetch, use: Expression, expression: 1}")
    .replace(FIRST, "1"),
    "something is asked of it": note(
        f'{TICKET}\n            note: "{{{{ config.missing.x }}}}"'
    ),
}


@pytest.mark.parametrize("wrong", NOT_MADE.values(), ids=NOT_MADE)
def test_where_more_than_one_thing_may_be_meant_nothing_is_made(
    wrong: str, tmp_path: Path
) -> None:
    fixed = corrected(wrong.encode(), tmp_path, unsafe=True)
    assert fixed.data.decode() == wrong
    assert errors(fixed.compiled)


STUB = """\
use: OTOBOZnunyTicketSystem
params:
  base_url: "{{ get_env('HELPDESK_URL') }}"
  username: "{{ get_env('HELPDESK_USERNAME') }}"
  password: "{{ get_env('HELPDESK_PASSWORD') }}"
"""
C = """\
open_ticket_ai:
  defs:
    - id: other  # kept
      use: OTOBOZnunyTicketSystemService
      server_address: "https://h/otobo/nph-genericinterface.pl"
      password: "{{ env.OTAI_P }}"
  orchestrator:
    - run_every_milli_seconds: 1000
      pipe:
        id: one
        injects: {ticket_system: desk}
        use: FetchTicketsPipe
        ticket_search_criteria: {limit: 1}
"""
E = """\
orchestrator:
  runners:
    - run:
        id: one
        use: FetchTicketsPipe
        injects: {ticket_system: desk}
        params:
          ticket_search_criteria: {limit: 1}
"""
F = """\
services:
  # The one and only.
  model:
    use: hf-local:HFClassificationService
orchestrator:
  steps:
    - use: base:SimpleSequentialRunner
      params:
        on: {id: i, use: base:IntervalTrigger, params: {interval: PT1S}}
        run:
          id: one
          use: base:FetchTicketsPipe
          injects: {ticket_system: desk}
          params: {ticket_search_criteria: {limit: 1}}
"""


def lines(text: str, margin: str) -> str:
    return "".join(f"{margin}{line}\n" for line in text.splitlines())


SERVICES = {
    "before the first of a list": (
        C,
        C.replace(
            "    - id: other", f"    - id: desk\n{lines(STUB, ' ' * 6)}    - id: other"
        ),
    ),
    "in a section of its own": (
        E,
        f"services:\n  desk:\n{lines(STUB, ' ' * 4)}{E}",
    ),
    "before the first of a mapping": (
        F,
        F.replace("  model:", f"  desk:\n{lines(STUB, ' ' * 4)}  model:"),
    ),
}


@pytest.mark.parametrize(("wrong", "right"), SERVICES.values(), ids=SERVICES)
def test_a_service_that_is_not_there_is_defined_with_what_its_owner_has_to_set(
    wrong: str, right: str, tmp_path: Path
) -> None:
    fixed = corrected(wrong.encode(), tmp_path, unsafe=True)
    assert fixed.data.decode() == right
    assert not errors(fixed.compiled)
    (made,) = fixed.made
    assert made.correction.safety is Safety.PLACEHOLDER
    assert "HELPDESK_PASSWORD" in made.correction.reason


def test_steps_behind_one_that_finishes_its_list_are_for_its_failure(
    tmp_path: Path,
) -> None:
    """As drafts wrote it: what follows a list that is left on success is the fallback."""
    text = (
        C.replace("desk", "other").partition("      pipe:")[0]
        + """\
      pipe:
        id: one
        steps:
          - id: tried
            steps:
              - {id: inner, use: JinjaExpressionPipe, expression: "1"}
            on_success: "finish_container"
          - id: fallback
            use: JinjaExpressionPipe
            expression: "2"
"""
    )
    fixed = corrected(text.encode(), tmp_path, unsafe=True)
    assert fixed.data.decode() == text.replace(
        '            on_success: "finish_container"\n', ""
    ).replace(
        "- id: fallback",
        "- if: \"{{ has_failed('tried') }}\"\n            id: fallback",
    )
    assert [made.found.code for made in fixed.made] == ["OTC348"]


LEFT_OUT = {
    "a runner where a list of them belongs": (
        F.replace("ticket_system: desk", "ticket_system: model")
        .replace("hf-local:HFClassificationService", "base:JinjaRenderer")
        .partition("          use: base:Fetch")[0]
        .replace("    - use", "    use")
        .replace("\n      params", "\n    params")
        + "          use: base:ExpressionPipe\n          params: {expression: 1}\n",
        "    - use: base:SimpleSequentialRunner\n      params:",
    ),
    "steps that a page does not show": (
        E.partition("        use:")[0] + "        steps: [ ... ]\n",
        "        steps: [  ]\n",
    ),
    "a pipe that a page does not show": (
        E.partition("    - run:")[0] + "    - id: one\n      run: {...}\n",
        "      run: {steps: []}\n",
    ),
    "nothing that runs": (
        "plugins: []\ndefs: {}\norchestrator: {}  # later\n",
        "orchestrator: {pipelines: []}  # later\n",
    ),
}


@pytest.mark.parametrize(("wrong", "part"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_left_out_is_an_empty_list(
    wrong: str, part: str, tmp_path: Path
) -> None:
    assert errors(compiled(wrong.encode(), tmp_path))
    fixed = corrected(wrong.encode(), tmp_path, unsafe=True)
    assert part in fixed.data.decode()
    assert not errors(fixed.compiled)


def test_a_key_of_the_first_ticket_is_looked_at(tmp_path: Path) -> None:
    """It is a warning: files with such a slip were built before."""
    right = LIST.replace("TEXT", f"{FIRST}.customer")
    wrong = LIST.replace("TEXT", f"{FIRST}.customer_user")
    found = compiled(wrong.encode(), tmp_path)
    assert not errors(found)
    codes = [one.code for one in found.report.diagnostics]
    assert "OTC380" in codes
    assert corrected(wrong.encode(), tmp_path, unsafe=True).data.decode() == right


ALONE = (
    DESK
    + """\
orchestrator:
  runners:
    - pipe_id: one
      pipe:
        id: classify
        use: Classify
        text: "{{ ticket.title }}"  # of the ticket
    - pipe_id: two
      pipe:
        steps:
          - id: wait
            use: Expression
            expression: 1
          - id: classify
            use: Classify
            text: "{{ ticket.body }}"
"""
)
FETCHING = """\
- id: fetch_tickets
  use: FetchTickets
  params: {ticket_search_criteria: {queue: {name: "{{ get_env('HELPDESK_QUEUE') }}"}}}
"""


def test_where_nothing_fetches_a_ticket_a_first_step_does(tmp_path: Path) -> None:
    fixed = corrected(ALONE.encode(), tmp_path, unsafe=True)
    ticket = FIRST.replace("'fetch'", "'fetch_tickets'")
    margin = " " * 10
    assert fixed.data.decode() == ALONE.replace(
        "        id: classify\n        use: Classify\n"
        '        text: "{{ ticket.title }}"',
        f"        id: classify\n        steps:\n{lines(FETCHING, margin)}"
        "          - id: classify\n            use: Classify\n"
        f'            text: "{{{{ {ticket}.subject }}}}"',
    ).replace("ticket.body", f"{ticket}.body").replace(
        "          - id: wait", f"{lines(FETCHING, margin)}          - id: wait"
    )
    assert not errors(fixed.compiled)
    assert {made.correction.safety for made in fixed.made} == {Safety.PLACEHOLDER}


STRAY = {
    "keys that a finger hit behind a quote": ('path: "a.db"er', 'path: "a.db"'),
    "a number on a line of its own": (
        "path: a.db\n    7",
        "path: a.db",
    ),
}


@pytest.mark.parametrize(("wrong", "right"), STRAY.values(), ids=STRAY)
def test_slips_of_the_keys_go(wrong: str, right: str, tmp_path: Path) -> None:
    text = """\
services:
  desk:
    use: SqliteTicketSystem
    PATH
orchestrator: {runners: [{pipe_id: one, pipe: {use: CheckEscalations}}]}
"""
    fixed = corrected(text.replace("PATH", wrong).encode(), tmp_path)
    assert fixed.data.decode() == text.replace("PATH", right)
    assert not errors(fixed.compiled)


def test_no_credential_of_the_step_beside_it_is_shown(tmp_path: Path) -> None:
    token = "token: hunter2-and-more"
    text = note(f"{TICKET}\n            note: a\n            {token}").replace(
        "config.ticket.id", "config.token"
    )
    fixed = corrected(text.encode(), tmp_path, unsafe=True)
    said = [made.correction.title for made in fixed.made]
    assert said
    assert not any("hunter2" in one for one in said)
    assert fixed.data.decode().count("hunter2") <= 1
