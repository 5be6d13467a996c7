"""`otac test --update`: what came stands in the file, and all else as it was."""

import os
from pathlib import Path

import pytest
from tested_project import project, shown

_BEFORE = """\
# Kept: comments, order and quotes.
x-tickets: &tickets
  - {id: 1, queue: Incoming, subject: "an invoice"}   # the first
  - {id: 2, queue: Incoming, subject: 'a printer'}

tests:
  - name: 'a'
    expect:   # before the runner
      tickets:
        1: {queue: "Hardware", notes: []}  # a queue
        2: unchanged
      steps: {move: skipped, 'move[0]': {attempts: 3}}
      state: Failed
      results: {"classify[0].label": 'Hardware'}
    tickets: *tickets
    runner: triage
  - name: b
    runner: triage
    tickets: *tickets
    expect: {}
  - {name: c, runner: look, env: {A: "x, y"}, now: "2026-03-02T09:00:00Z", expect: {results: {look.value: 1}}}
  - name: d
    runner: look
    expect:
      {}
"""
_AFTER = """\
# Kept: comments, order and quotes.
x-tickets: &tickets
  - {id: 1, queue: Incoming, subject: "an invoice"}   # the first
  - {id: 2, queue: Incoming, subject: 'a printer'}

tests:
  - name: 'a'
    expect:   # before the runner
      tickets:
        1: {queue: "Billing", notes: []}  # a queue
        2: unchanged
      steps: {move: skipped, 'move[0]': {attempts: 1}}
      state: Completed
      results: {"classify[0].label": 'Billing'}
    tickets: *tickets
    runner: triage
  - name: b
    runner: triage
    tickets: *tickets
    expect:
      state: Completed
      tickets:
        1: {queue: Billing}
      steps:
        fetch: succeeded
        each: succeeded
  - {name: c, runner: look, env: {A: "x, y"}, now: "2026-03-02T09:00:00Z", expect: {results: {look.value: "x, y 2026-03-02T09:00:00+00:00"}}}
  - name: d
    runner: look
    expect:
      state: {state: Failed, message: "MESSAGE"}
      steps:
        look: failed
"""


def test_what_came_is_written_and_nothing_else(tmp_path: Path) -> None:
    project(tmp_path, _BEFORE)
    file = tmp_path / "tests" / "some.yml"
    run = shown(tmp_path, "--update")
    # A step that came to two things is for a person to tell apart.
    assert run.status == 1
    assert "step `move`: expected `skipped`, came skipped and succeeded" in run.out
    assert "tests/some.yml: 7 places updated" in run.err
    after = file.read_text("utf-8")
    message = after.partition('message: "')[2].partition('"')[0]
    assert "`A` is not set" in message
    assert after == _AFTER.replace("MESSAGE", message)
    file.write_text(after.replace("move: skipped, ", ""), "utf-8")
    kept = file.read_bytes()
    again = shown(tmp_path, "--update")
    assert (again.status, again.err) == (0, "")
    assert file.read_bytes() == kept


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    project(tmp_path, "")
    file = tmp_path / "tests" / "some.yml"
    file.write_bytes(
        b"tests:\r\n- name: a\r\n  runner: look\r\n  env: {A: b}\r\n  expect: {}\r\n"
    )
    assert shown(tmp_path, "--update").status == 0
    assert file.read_bytes().endswith(
        b"  expect:\r\n    state: Completed\r\n    steps:\r\n      look: succeeded\r\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="there are other rights on Windows")
def test_a_file_that_is_read_only_is_left_alone(tmp_path: Path) -> None:
    project(tmp_path, "tests: [{name: a, runner: look, expect: {state: Completed}}]\n")
    file = tmp_path / "tests" / "some.yml"
    file.chmod(0o444)
    before = file.read_bytes()
    run = shown(tmp_path, "--update")
    assert run.status == 3
    assert "read-only" in run.err
    assert file.read_bytes() == before
