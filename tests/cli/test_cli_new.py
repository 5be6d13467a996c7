"""`otac new` writes what works as it is, and overwrites nothing."""

from pathlib import Path

import pytest

from command import SOUND, otac
from otac.source import read

_STEP = '      pipe: {steps: [{id: a, use: tidy:tidy, text: " x "}]}\n'


def test_what_is_begun_passes_check_build_and_test(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text(SOUND, "utf-8")
    done = otac("new", "component", "tidy", cwd=tmp_path)
    assert done.status == 0, done.err
    assert "use: tidy:tidy" in done.err
    config.write_text(f"{SOUND}    - pipe_id: tidies\n{_STEP}", "utf-8")
    assert otac("new", "runner", "report", cwd=tmp_path).status == 0
    for test, runner in (("says_hello", "report"), ("trims", "tidies")):
        done = otac("new", "test", test, "--runner", runner, cwd=tmp_path)
        assert (done.status, done.err) == (0, f"created tests/{test}.yml\n")
    assert otac("check", "--strict", cwd=tmp_path).status == 0
    assert otac("build", cwd=tmp_path).status == 0
    done = otac("test", cwd=tmp_path, timeout=300)
    assert done.status == 0, done.out
    assert "2 passed" in done.out


_PLAIN = """\
orchestrator:
  runners:
  - pipe_id: a
    pipe: {use: CheckEscalations} # why"""
_SPACED = """\
orchestrator:
  runners:
    -   pipe_id: a
        pipe:
          use: Expression
          expression: |
            a
prefect: {name: x}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # At the end of the file, without an end of line; the comment stays.
        (_PLAIN, " # why\n  - pipe_id: new\n    pipe:\n"),
        # In the middle, behind a block scalar, with the file's own line ends and spaces.
        (
            _SPACED.replace("\n", "\r\n"),
            "            a\r\n    - pipe_id: new\r\n      pipe:\r\n",
        ),
    ],
)
def test_a_runner_is_added_and_the_rest_stays(
    tmp_path: Path, before: str, after: str
) -> None:
    services = "services: {desk: {use: SqliteTicketSystem, params: {path: x.db}}}\n"
    if "\r" in before:
        services = services.replace("\n", "\r\n")
    before = services + before
    (tmp_path / "config.yml").write_bytes(before.encode())
    done = otac("new", "runner", "new", cwd=tmp_path)
    assert (done.status, done.err) == (0, "config.yml: runner `new` added\n")
    new = (tmp_path / "config.yml").read_bytes().decode()
    assert after in new
    at = new.index("- pipe_id: new")
    assert new[:at].rstrip().startswith(before[: len(new[:at].rstrip())])
    assert not isinstance(read("config.yml", new.encode()), tuple)


@pytest.mark.parametrize(
    "config",
    [
        "orchestrator: {runners: [{pipe_id: a, pipe: {use: CheckEscalations}}]}\n",
        "orchestrator:\n  runners: [{pipe_id: a, pipe: {use: CheckEscalations}}]\n",
    ],
)
def test_where_a_runner_cannot_be_added_it_is_shown(
    tmp_path: Path, config: str
) -> None:
    (tmp_path / "config.yml").write_text(config, "utf-8")
    done = otac("new", "runner", "report", cwd=tmp_path)
    assert done.status == 3
    assert "error[OTC508]" in done.err
    assert "- pipe_id: report" in done.err
    assert (tmp_path / "config.yml").read_text("utf-8") == config


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, "utf-8")
    (tmp_path / "tidy.py").write_text("mine\n", "utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "tidy.yml").write_text("mine\n", "utf-8")
    for kind in ("component", "test"):
        done = otac("new", kind, "tidy", cwd=tmp_path)
        assert done.status == 3
        assert "error[OTC507]" in done.err
    assert (tmp_path / "tidy.py").read_text("utf-8") == "mine\n"
    assert (tmp_path / "tests" / "tidy.yml").read_text("utf-8") == "mine\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["runner", "triage"], "has a runner `triage` already"),
        (["runner", "../x"], "cannot be a name here"),
        (["component", "a-b"], "cannot be the name of a function"),
        (["component", "class"], "cannot be the name of a function"),
        (["component", "json"], "there is a module `json` in Python already"),
        (["test", "x", "--runner", "triag"], "did you mean `triage`?"),
        (["runner", "x", "--runner", "triage"], "`--runner` says of what a test is"),
        (["runner", "x", "-"], "needs a configuration that is a file"),
        (["queue", "x"], "invalid choice"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "config.yml").write_text(SOUND, "utf-8")
    done = otac("new", *arguments, cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert words in done.err
    assert [one.name for one in tmp_path.iterdir()] == ["config.yml"]
