"""`otac test --coverage`: steps that no test ran, and branches that none took."""

from pathlib import Path

from tested_project import outcome_of, project, shown

_TESTS = """\
tests:
  - name: a
    runner: triage
    tickets: [{id: 1, queue: Incoming, subject: an invoice}]
    expect: {state: Completed}
"""


def test_what_no_test_has_run(tmp_path: Path) -> None:
    project(tmp_path, _TESTS)
    run = shown(tmp_path, "--coverage", "--lcov", "lcov.info", "--min-coverage", "60")
    assert run.status == 1
    lines = run.out.splitlines()
    at = lines.index(
        "config.yml:24: step `each.move` of `triage`: its condition was never false"
    )
    assert lines[at + 1 : at + 5] == [
        "config.yml:36: step `look` of `look` was never run",
        "config.yml:41: step `loop` of `forever`: its condition was never true",
        "config.yml:41: step `loop` of `forever`: its condition was never false",
        "covered: 50.0 % of steps and conditions",
    ]
    assert run.err == (
        "error: the tests cover 50.0 % of the steps and conditions, and"
        " `--min-coverage` wants 60 %\n"
    )
    assert (tmp_path / "lcov.info").read_text("utf-8") == (
        "TN:otac\nSF:config.yml\n"
        "BRDA:25,0,0,1\nBRDA:25,0,1,0\nBRDA:42,1,0,-\nBRDA:42,1,1,-\nBRF:4\nBRH:1\n"
        "DA:13,1\nDA:17,1\nDA:20,1\nDA:24,1\nDA:25,1\nDA:36,0\nDA:41,0\nDA:42,0\n"
        "LF:8\nLH:5\nend_of_record\n"
    )


def test_for_programs(tmp_path: Path) -> None:
    project(
        tmp_path,
        _TESTS
        + "  - {name: b, runner: look, env: {A: a}, expect: {state: Completed}}\n",
    )
    run = outcome_of(tmp_path, "--coverage", "--min-coverage", "50")
    assert run.status == 0
    covered = run.data["coverage"]
    assert covered["percent"] == 60.0
    move = next(one for one in covered["steps"] if one["step"] == "each.move")
    assert move == {
        "runner": "triage",
        "step": "each.move",
        "line": 24,
        "runs": 1,
        "true": 1,
        "false": 0,
    }
