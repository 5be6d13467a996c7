"""`otac test`: what a test sees, and what it can expect."""

from pathlib import Path

from tested_project import CONFIG, outcome_of, project

_TICKETS = """
    tickets:
      - {id: 1, queue: Incoming, subject: an invoice}
      - {id: 2, queue: Incoming, subject: a printer}
"""


def test_all_that_a_test_can_say(tmp_path: Path) -> None:
    project(
        tmp_path,
        """
        tests:
          - name: everything
            runner: triage
            parameters: {inbox: Hardware}
            now: 2026-03-02T09:00:00Z
            env: {HELPDESK_USER: somebody}
            services:
              classifier:
                answers:
                  - {when: INVOICE, label: Billing, confidence: 0.9}
                otherwise: {label: Billing, confidence: 0.1}
            tickets:
              - {id: 7, queue: Hardware, subject: an invoice, age: 3h}
              - {queue: Hardware, subject: a printer}
            failures:
              - {step: move, error: "503 Service Unavailable"}
            expect:
              state: Completed
              tickets:
                7: {queue: Billing, state: new, notes: []}
                8: unchanged
              steps:
                each: succeeded
                move[0]: {state: succeeded, attempts: 2}
                each.move[1]: skipped
                classify: {state: succeeded, attempts: 1}
              results:
                classify[0].label: Billing
                classify[1].confidence: 0.1
                each[0].classify: {label: Billing}
        """,
    )
    assert outcome_of(tmp_path).data["passed"] == 1


def test_variables_of_a_file_are_seen_beneath_those_of_the_test(tmp_path: Path) -> None:
    project(
        tmp_path,
        """
        tests:
          - name: of the file
            runner: look
            now: 2026-03-02T09:00:00Z
            expect: {results: {look.value: "one 2026-03-02T09:00:00+00:00"}}
          - name: its own
            runner: look
            env: {A: three}
            now: 2026-03-02T09:00:00Z
            expect: {results: {look.value: "three 2026-03-02T09:00:00+00:00"}}
        """,
    )
    (tmp_path / "test.env").write_text("A=one\n", "utf-8")
    done = outcome_of(tmp_path, "--env-file", "test.env", A="two")
    assert (done.messages, done.data["passed"]) == ([], 2)
    # Without the file there is nothing: what a shell has does not reach a test.
    assert outcome_of(tmp_path, A="two").data["passed"] == 1


def test_what_came_is_told_at_the_place_of_what_was_expected(tmp_path: Path) -> None:
    project(
        tmp_path,
        """
        tests:
          - name: wrong
            runner: triage
            tickets:
              - {id: 1, queue: Incoming, subject: an invoice}
              - {id: 2, queue: Incoming, subject: a printer}
            failures: [{step: move, attempts: all, error: no way}]
            expect:
              state: {state: Completed, message: done}
              steps:
                each: skipped
                move: succeeded
                move[0]: {attempts: 2, reason: nothing}
              results:
                classify[0].labl: Billing
                classify[1].confidence: 0.5
                move[0].ticket: 1
              tickets:
                1: {queue: Billing, notes: [{contains: sorry}]}
                2: {priority: 5 very high}
        """,
    )
    run = outcome_of(tmp_path)
    assert run.status == 1
    [test] = run.data["tests"]
    places = {
        failure["line"]: failure["message"].partition("`: ")[2]
        for failure in test["failures"]
    }
    assert places[10].startswith("message: expected a text with `done`, came `step ")
    assert places[12] == "step `each`: expected `skipped`, came `failed`"
    assert places[13] == "step `move`: expected `succeeded`, came failed and skipped"
    assert places[16].startswith(
        "result `classify[0].labl`: expected `Billing`, came no"
    )
    assert places[16].endswith("did you mean `label`?")
    assert places[17] == "result `classify[1].confidence`: expected `0.5`, came `0.0`"
    assert places[18].endswith("expected `1`, came none: the step has failed")
    assert places[20].endswith('a note: expected `{"contains": "sorry"}`, came none')
    assert places[21] == "ticket 2: priority: expected `5 very high`, came `3 normal`"
    assert {10, 14, 20} <= set(places)
    first = test["failures"][0]
    assert "no way" in first["help"]
    by_line = {failure["line"]: failure["help"] for failure in test["failures"]}
    assert "step `each.move` stands in config.yml:24:17" in by_line[13]


def test_a_service_that_fails_for_a_while(tmp_path: Path) -> None:
    project(
        tmp_path,
        """
        tests:
          - name: the helpdesk comes back
            runner: triage
            tickets: [{id: 1, queue: Incoming, subject: an invoice}]
            failures: [{service: desk, calls: 1, error: "connection refused"}]
            expect: {steps: {fetch: {attempts: 2}}, tickets: {1: {queue: Billing}}}
          - name: the configured classifier does not
            runner: triage
            tickets: [{id: 1, queue: Incoming, subject: an invoice}]
            failures: [{service: words, calls: all, error: "out of memory"}]
            expect:
              state: Failed
              steps: {fetch: succeeded, classify: {reason: out of memory}}
              tickets: {1: unchanged}
        """,
    )
    assert outcome_of(tmp_path).messages == []


def test_the_clock_and_the_environment_are_the_tests_own(tmp_path: Path) -> None:
    project(
        tmp_path,
        """
        tests:
          - name: given
            runner: look
            now: 2026-03-02T09:00:00Z
            env: {A: inside}
            expect: {results: {look.value: "inside 2026-03-02T09:00:00+00:00"}}
          - name: not given
            runner: look
            expect: {state: {state: Failed, message: "`A` is not set"}}
        """,
    )
    assert outcome_of(tmp_path, A="outside").messages == []


def test_what_is_endless_ends_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "acme.py").write_text(
        "def endless() -> dict[str, str]:\n    while True:\n        pass\n", "utf-8"
    )
    project(
        tmp_path,
        """
        tests:
          - name: before
            runner: look
            env: {A: a}
            expect: {state: Completed}
          - name: a condition
            runner: forever
            expect: {state: {state: Failed, message: "go on for 1,000,000 rounds"}}
          - {name: a component, runner: own, expect: {state: Completed}}
          - name: after
            runner: look
            env: {A: a}
            expect: {state: Completed}
        """,
        CONFIG + "    - {pipe_id: own, pipe: {use: 'acme:endless'}}\n",
    )
    run = outcome_of(tmp_path, "--timeout", "15")
    passed = [test["passed"] for test in run.data["tests"]]
    assert passed == [True, True, False, True]
    [failure] = run.data["tests"][2]["failures"]
    assert failure["code"] == "OTC661"
    assert failure["message"].endswith("it has not ended after 15 seconds")


def test_the_network_is_out_of_reach_unless_a_service_is_real(tmp_path: Path) -> None:
    config = """
    services:
      desk: {use: OTOBOZnunyTicketSystem, params: {base_url: "http://127.0.0.1:9/x",
        username: a, password: "{{ env.P }}"}}
      talk: {use: LLMClassifier, params: {base_url: "http://127.0.0.1:9/v1", model_name: m,
        api_key: none, labels: {A: "", B: ""}}}
    orchestrator:
      runners:
        - pipe_id: ask
          pipe: {use: Classify, text: hello, injects: {classification_service: talk}}
        - pipe_id: find
          pipe: {use: FetchTickets, ticket_search_criteria: {limit: 1}}
    """
    project(
        tmp_path,
        """
        tests:
          - name: ask
            runner: ask
            expect: {state: Completed, results: {ask.label: A}}
          - name: a helpdesk in memory
            runner: find
            expect: {state: Completed}
          - name: the real one
            runner: find
            real: [desk]
            env: {P: p}
            expect: {state: Completed}
        """,
        config,
    )
    run = outcome_of(tmp_path)
    ask, memory, real = run.data["tests"]
    assert "wanted to reach 127.0.0.1:9" in ask["failures"][0]["help"]
    assert memory["passed"]
    assert "wanted to reach" not in real["failures"][0]["help"]
    assert "127.0.0.1" in real["failures"][0]["help"]
