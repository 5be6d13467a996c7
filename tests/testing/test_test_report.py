"""What `otac test` prints, in each format, and which tests it takes."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

from tested_project import CONFIG, outcome_of, project, shown

_TESTS = """\
tests:
  - {name: one passes, runner: look, env: {A: a}, expect: {state: Completed}}
  - name: one fails
    runner: look
    env: {A: a}
    expect: {state: Stopped}
  - {name: another passes, runner: look, env: {A: b}, expect: {state: Completed}}
"""


def _times(text: str) -> str:
    return re.sub(r" *\d+\.\d+ s", " 0.00 s", text)


def test_for_people(tmp_path: Path) -> None:
    project(tmp_path, _TESTS)
    run = shown(tmp_path, "--durations", "1", "--color", "never")
    assert (run.status, run.err) == (1, "")
    lines = _times(run.out).splitlines()
    assert [" ".join(line.split()) for line in lines[:4]] == [
        "tests/some.yml",
        "ok one passes 0.00 s",
        "FAILED one fails 0.00 s",
        "ok another passes 0.00 s",
    ]
    assert lines[4:12] == [
        "",
        "error[OTC660]: test `one fails`: state: expected `Stopped`, came `Completed`",
        " --> tests/some.yml:6:21",
        "  |",
        "6 |     expect: {state: Stopped}",
        "  |                     ^^^^^^^ came `Completed`",
        "",
        "slowest:",
    ]
    assert lines[-2:] == ["", "2 passed, 1 failed in 0.00 s"]


def test_a_line_for_each_failure(tmp_path: Path) -> None:
    project(tmp_path, _TESTS)
    run = shown(tmp_path, "--format", "concise")
    assert _times(run.out) == (
        "tests/some.yml:6:21: OTC660 test `one fails`: state: expected `Stopped`,"
        " came `Completed`\n2 passed, 1 failed in 0.00 s\n"
    )


def test_for_programs(tmp_path: Path) -> None:
    project(tmp_path, _TESTS)
    data = outcome_of(tmp_path).data
    assert (data["passed"], data["failed"], data["not_run"]) == (2, 1, 0)
    assert data["tests"][1]["file"] == "tests/some.yml"
    assert data["tests"][1]["line"] == 3
    suites = ElementTree.fromstring(shown(tmp_path, "--format", "junit").out)
    [suite] = suites
    assert suite.attrib.items() >= {"tests": "3", "failures": "1"}.items()
    assert [case.get("name") for case in suite if len(case)] == ["one fails"]
    github = shown(tmp_path, "--format", "github").out
    assert github.startswith("::error title=OTC660,file=tests/some.yml,line=6,")
    [issue] = json.loads(shown(tmp_path, "--format", "gitlab").out)
    assert issue["location"]["path"] == "tests/some.yml"


def test_which_tests_are_run(tmp_path: Path) -> None:
    project(tmp_path, _TESTS)
    (tmp_path / "tests" / "more").mkdir()
    other = _TESTS.replace("name: ", "name: deep ")
    (tmp_path / "tests" / "more" / "deep.yaml").write_text(other, "utf-8")
    (tmp_path / "tests" / "not.yml").write_text("other: {tests: [1]}\n", "utf-8")

    def names(*arguments: str) -> list[str]:
        return [one["name"] for one in outcome_of(tmp_path, *arguments).data["tests"]]

    assert len(names()) == 6
    assert names("-k", "ANOTHER") == ["another passes", "deep another passes"]
    assert len(names("config.yml", "tests/some.yml")) == 3
    assert len(names("tests/some.yml")) == 3
    assert len(names("config.yml", "tests/more", "tests/more/deep.yaml")) == 3
    assert names("tests/some.yml", "--fail-fast") == ["one passes", "one fails"]


def test_all_pass(tmp_path: Path) -> None:
    project(tmp_path, _TESTS.replace("Stopped", "Completed"))
    run = shown(tmp_path, "-q")
    assert (run.status, _times(run.out)) == (0, "\n3 passed in 0.00 s\n")
    # Nothing is left behind, and nothing was made.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yml", "tests"]


def test_another_folder(tmp_path: Path) -> None:
    folder = tmp_path / "else"
    folder.mkdir()
    project(folder, _TESTS, CONFIG)
    run = shown(tmp_path, "else/config.yml", "-k", "one passes")
    assert run.status == 0
    assert run.out.startswith("else/tests/some.yml\n")
