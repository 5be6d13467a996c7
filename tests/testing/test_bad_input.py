"""Tests that say nothing, or name what is not there: errors, never a silent pass."""

from pathlib import Path

import pytest
from tested_project import collected_in, outcome_of, project, shown

_GOOD = """
  - {name: good, runner: look, env: {A: a}, expect: {state: Completed}}
"""


_FAULTS = {
    ": expect: {}": ("OTC662", "test `a` expects nothing"),
    ": expect: {tickets: {}, steps: {}}": ("OTC662", "test `a` expects nothing"),
    ": expect: {steps: {move: {}}}": ("OTC662", "nothing is expected of step `move`"),
    "runner: trige": ("OTC663", "there is no runner `trige`"),
    "parameters: {inbx: a}": ("OTC663", "there is no parameter `inbx`"),
    ": expect: {steps: {each.mov: skipped}}": (
        "OTC663",
        "there is no step `each.mov`",
    ),
    ": expect: {steps: {each: {attempts: 2}}}": (
        "OTC663",
        "step `each` is a list of steps and has no attempts",
    ),
    ": expect: {results: {clasify.label: x}}": (
        "OTC663",
        "there is no step `clasify`",
    ),
    ": expect: {tickets: {2: unchanged}}": ("OTC663", "there is no ticket `2`"),
    "failures: [{step: each, error: x}]": (
        "OTC663",
        "step `each` is a list of steps and has no attempts",
    ),
    "services: {wrds: {}}": ("OTC663", "there is no service `wrds`"),
    "services: {desk: {}}": (
        "OTC666",
        "service `desk` is a ticket system, for which this does not stand",
    ),
    "services: {words: silent}": (
        "OTC666",
        "service `words` is a classifier, which is not silent",
    ),
    "services: {words: {}, classifier: {}}": (
        "OTC664",
        "service `words` is replaced twice",
    ),
    "name: good": ("OTC664", "two tests are called `good`"),
    "tickets: [{id: 1, queue: a, subject: b}, {id: 1, queue: a, subject: c}]": (
        "OTC664",
        "two tickets have the id `1`",
    ),
    "env: {'A=B': a}": (
        "OTC207",
        "the name of a variable is not written as it must be",
    ),
    'env: {A: "a\\0b"}': ("OTC207", "`A` is not written as it must be"),
    "now: today": ("OTC668", "`today` is not a time"),
    "tickets: [{queue: a, subject: b, age: 1h, created: 2026-03-02T09:00:00Z}]": (
        "OTC668",
        "a ticket has `age` or `created`, not both",
    ),
    "tickets: none.yml": (
        "OTC665",
        "`tests/none.yml` cannot be read: no such file or directory",
    ),
    "tickets: some.csv": (
        "OTC665",
        "`tests/some.csv` has no column `subject`; it has `id`, `queue`, `titel`",
    ),
    ": expect: {state: Complete}": ("OTC205", "`state` cannot be `Complete`"),
    ": ": ("OTC203", "a test needs `expect`"),
}


@pytest.mark.parametrize(("fault", "found"), _FAULTS.items())
def test_a_fault_has_its_place_and_the_other_tests_are_run(
    tmp_path: Path, fault: str, found: tuple[str, str]
) -> None:
    parts = {
        "name": "name: a",
        "runner": "runner: triage",
        "expect": "expect: {state: Failed}",
    }
    if fault.startswith(": "):
        parts["expect"] = fault.removeprefix(": ")
    else:
        parts[fault.partition(":")[0]] = fault
    test = f"{{{', '.join(part for part in parts.values() if part)}}}"
    project(tmp_path, f"tests:{_GOOD}\n  - {test}\n")
    (tmp_path / "tests" / "some.csv").write_text("id,queue,titel\n1,a,b\n", "utf-8")
    collected = collected_in(tmp_path)
    assert [case.name for case in collected.cases][:1] == ["good"]
    [report] = collected.faults
    [one] = report.diagnostics
    assert one.span is not None
    assert report.source.place(one.span.start).line == 4
    assert (one.code, one.message.replace(f"{tmp_path}/", "")) == found


def test_the_nearest_name_is_offered(tmp_path: Path) -> None:
    project(tmp_path, "tests: [{name: a, runner: trige, expect: {state: Failed}}]")
    run = shown(tmp_path)
    assert run.status == 1
    assert run.out.startswith(
        "error[OTC663]: there is no runner `trige`\n"
        " --> tests/some.yml:1:27\n"
        "  |\n"
        "1 | tests: [{name: a, runner: trige, expect: {state: Failed}}]\n"
        "  |                           ^^^^^ the configuration has no such runner\n"
        "  |\n"
        "  = help: did you mean `triage`?\n"
    )


def test_yaml_that_cannot_be_read(tmp_path: Path) -> None:
    project(tmp_path, "tests:\n  - name: [a\n")
    run = outcome_of(tmp_path)
    assert run.status == 1
    [(code, _, _)] = run.faults
    assert code.startswith("OTC1")


def test_a_damaged_file_of_tickets_is_shown_with_its_line(tmp_path: Path) -> None:
    project(
        tmp_path,
        "tests: [{name: a, runner: triage, tickets: desk.yml, expect: {state: Failed}}]",
    )
    (tmp_path / "tests" / "desk.yml").write_text(
        "tickets:\n  - queue: Incoming\n    subjekt: a\n", "utf-8"
    )
    run = outcome_of(tmp_path)
    assert run.status == 1
    assert run.data["diagnostics"][0]["file"] == "tests/desk.yml"
    assert run.faults[0][1:] == (3, "unknown key `subjekt` in a ticket")


def test_an_unknown_priority_is_a_failed_test(tmp_path: Path) -> None:
    project(
        tmp_path,
        "tests: [{name: a, runner: triage, tickets: [{queue: q, subject: s,"
        " priority: high}], expect: {state: Failed}}]",
    )
    [failure] = outcome_of(tmp_path).data["tests"][0]["failures"]
    assert failure["code"] == "OTC661"
    assert failure["message"].endswith("ticket 1 has the unknown priority `high`")


def test_a_ticket_that_is_older_than_the_calendar(tmp_path: Path) -> None:
    project(
        tmp_path,
        "tests: [{name: a, runner: triage, now: 0001-01-01T00:00:00Z, tickets:"
        " [{queue: q, subject: s, age: 3h}], expect: {state: Failed}}]",
    )
    [failure] = outcome_of(tmp_path).data["tests"][0]["failures"]
    assert failure["message"].endswith("`age` of a ticket goes back beyond the year 1")


def test_no_tests_are_an_error(tmp_path: Path) -> None:
    project(tmp_path, "other: 1\n")
    run = shown(tmp_path)
    assert (run.status, run.err) == (1, "")
    assert run.out.startswith("error[OTC667]: there are no tests in `tests`\n")
    named = shown(tmp_path, "config.yml", "tests/some.yml")
    assert named.status == 1
    assert "a test file needs `tests`" in named.out


def test_a_name_that_no_test_has_is_wrong_usage(tmp_path: Path) -> None:
    project(tmp_path, f"tests:{_GOOD}")
    run = shown(tmp_path, "-k", "goood")
    assert (run.status, run.out) == (2, "")
    assert run.err == "error: no test has `goood` in its name; did you mean `good`?\n"


def test_a_broken_configuration_is_said_so(tmp_path: Path) -> None:
    project(tmp_path, f"tests:{_GOOD}", "orchestrator: {runers: []}\n")
    run = shown(tmp_path)
    assert run.status == 1
    assert "runers" in run.err
