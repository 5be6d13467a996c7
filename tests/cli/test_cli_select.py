"""`--select` of runners, where no server is needed. Of plan and deploy: tests/prefect."""

from pathlib import Path

import pytest

from command import otac

_CONFIG = """\
orchestrator:
  runners:
    - {pipe_id: triage_sales, pipe: {steps: [{id: one, use: Expression, expression: "1"}]}}
    - {pipe_id: triage_desk, pipe: {steps: [{id: two, use: Expression, expression: "1"}]}}
    - {pipe_id: report, pipe: {steps: [{id: three, use: Expression, expression: "1"}]}}
"""
_TESTS = """\
tests:
  - {name: sells, runner: triage_sales, expect: {state: Completed}}
  - {name: reports, runner: report, expect: {state: Completed}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(_CONFIG, "utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "all.yml").write_text(_TESTS, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("report", {"report"}),
        ("triage_*", {"triage_sales", "triage_desk"}),
        ("report, triage_s*", {"triage_sales", "report"}),
        ("triage_[sd]*", {"triage_sales", "triage_desk"}),
    ],
)
def test_a_graph_has_the_selected_runners(
    folder: Path, given: str, shown: set[str]
) -> None:
    done = otac("graph", "--select", given, cwd=folder)
    assert done.status == 0
    names = {"triage_sales", "triage_desk", "report"}
    assert {name for name in names if name in done.out} == shown


@pytest.mark.parametrize(
    "command", [["graph"], ["test"], ["run"], ["status"], ["plan"], ["deploy"]]
)
def test_an_unknown_name_has_a_near_one(folder: Path, command: list[str]) -> None:
    """No server is needed to know it."""
    url = "http://127.0.0.1:9/api"
    words = (*command, "--select", "report,triage_dek")
    done = otac(*words, cwd=folder, PREFECT_API_URL=url)
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "error: there is no runner `triage_dek` in config.yml; "
        "did you mean `triage_desk`?\n"
    )
    done = otac(*command, "--select", ",", cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert "the name of a runner is wanted" in done.err


def test_tests_of_the_selected_runners_are_run(folder: Path) -> None:
    done = otac("test", "--select", "rep*", cwd=folder, timeout=300)
    assert (done.status, "reports" in done.out) == (0, True), done
    assert "sells" not in done.out
    done = otac("test", "--select", "triage_desk", cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert done.err == "error: no test is of triage_desk\n"


def test_a_run_names_a_runner_or_selects(folder: Path) -> None:
    done = otac("run", cwd=folder)
    assert (done.status, "required: RUNNER" in done.err) == (2, True)
    done = otac("run", "config.yml", "report", "--select", "report", cwd=folder)
    assert (done.status, "unrecognized arguments" in done.err) == (2, True)
    done = otac("run", "--select", "*", "--watch-step", "one", cwd=folder)
    assert done.err == "error: `--watch-step` is about one runner\n"
