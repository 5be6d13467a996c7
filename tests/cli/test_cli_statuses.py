"""What each command prints where, and its exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command import BROKEN, GUIDE, OTAC, SOUND, Finished, otac

BROKEN_FULL = """\
error[OTC202]: unknown key `tagz` in a runner
 --> config.yml:6:7
  |
6 |       tagz: [a]
  |       ^^^^ a runner has no such key
  |
  = help: did you mean `tags`?

found 1 error in config.yml
"""
BROKEN_CONCISE = """\
config.yml:6:7: OTC202 unknown key `tagz` in a runner
found 1 error in config.yml
"""


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    return tmp_path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def test_build_writes_once(sound: Path) -> None:
    assert otac("build", "config.yml", cwd=sound) == Finished(
        0, "", "config.yml: 6 created\n"
    )
    assert (sound / "prefect.yaml").is_file()
    assert otac("build", "config.yml", cwd=sound) == Finished(
        0, "", "config.yml: nothing to do, all files are up to date\n"
    )
    assert otac("build", "config.yml", "--quiet", cwd=sound) == Finished(0, "", "")


def test_build_check_fails_on_drift_and_writes_nothing(sound: Path) -> None:
    finished = otac("build", "config.yml", "--check", "--format", "concise", cwd=sound)
    assert (finished.status, finished.out) == (1, "")
    assert finished.err.splitlines()[0] == (
        "generated/__init__.py: OTC408 `generated/__init__.py` is missing"
    )
    assert [path.name for path in sound.iterdir()] == ["config.yml"]


def test_build_diff_is_a_result(sound: Path) -> None:
    finished = otac("build", "config.yml", "--diff", cwd=sound)
    assert (finished.status, finished.err) == (0, "")
    assert "+++ b/prefect.yaml" in finished.out
    assert [path.name for path in sound.iterdir()] == ["config.yml"]


def test_build_into_another_folder(sound: Path) -> None:
    assert otac("build", "config.yml", "-o", "out", cwd=sound).status == 0
    assert sorted(path.name for path in sound.iterdir()) == ["config.yml", "out"]
    assert (sound / "out" / "prefect.yaml").is_file()


def test_a_hand_edited_file_stops_a_build_unless_forced(sound: Path) -> None:
    otac("build", "config.yml", cwd=sound)
    module = sound / "generated" / "flows" / "triage.py"
    written = module.read_bytes()
    module.write_bytes(written + b"# mine\n")
    refused = otac("build", "config.yml", "--format", "json", cwd=sound)
    assert refused.status == 1
    assert [found["code"] for found in json.loads(refused.out)] == ["OTC401"]
    assert module.read_bytes() == written + b"# mine\n"
    assert otac("build", "config.yml", "--force", cwd=sound).status == 0
    assert module.read_bytes() == written


def test_standard_input_is_a_configuration(tmp_path: Path) -> None:
    finished = otac("build", "-", cwd=tmp_path, input=SOUND)
    assert finished == Finished(0, "", "-: 6 created\n")
    assert otac("check", "-", cwd=tmp_path, input=BROKEN).status == 1


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_fault_is_shown_on_standard_error(command: str, broken: Path) -> None:
    finished = otac(command, "config.yml", cwd=broken)
    assert finished == Finished(1, "", BROKEN_FULL)
    assert [path.name for path in broken.iterdir()] == ["config.yml"]


@pytest.mark.parametrize("command", [["build"], ["check"], ["run"], ["dev", "--once"]])
def test_every_command_compiles_first(command: list[str], broken: Path) -> None:
    runner = ["triage"] if command == ["run"] else []
    name, *options = command
    finished = otac(
        name, "config.yml", *runner, *options, "--format", "concise", cwd=broken
    )
    assert finished == Finished(1, "", BROKEN_CONCISE)
    assert [path.name for path in broken.iterdir()] == ["config.yml"]


def test_check_writes_nothing(sound: Path) -> None:
    assert otac("check", "config.yml", cwd=sound) == Finished(
        0, "", "config.yml is fine\n"
    )
    assert otac("check", "config.yml", "--format", "json", cwd=sound) == Finished(
        0, "[]\n", ""
    )
    assert [path.name for path in sound.iterdir()] == ["config.yml"]


def test_json_is_the_only_thing_on_standard_output(broken: Path) -> None:
    finished = otac("check", "config.yml", "--format", "json", cwd=broken)
    assert (finished.status, finished.err) == (1, "")
    found = json.loads(finished.out)[0]
    assert (found["code"], found["line"], found["column"]) == ("OTC202", 6, 7)


def test_strict_counts_warnings_and_not_notes(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(GUIDE, encoding="utf-8")
    assert otac("check", "config.yml", "--strict", cwd=tmp_path).status == 0
    (tmp_path / "config.yml").write_text('api_version: "1"\n' + GUIDE, encoding="utf-8")
    assert otac("check", "config.yml", cwd=tmp_path).status == 0
    strict = otac("check", "config.yml", "--strict", cwd=tmp_path)
    assert strict.status == 1
    assert "error[OTC358]" in strict.err


@pytest.mark.parametrize("command", [["build"], ["check"], ["run", "x"], ["dev"]])
def test_a_file_that_is_not_there(command: list[str], tmp_path: Path) -> None:
    name, *more = command
    assert otac(name, "no.yml", *more, "--format", "concise", cwd=tmp_path) == Finished(
        3,
        "",
        "OTC505 `no.yml` cannot be read: no such file or directory\nfound 1 error\n",
    )


def test_explain(tmp_path: Path) -> None:
    finished = otac("explain", "otc301", cwd=tmp_path)
    assert (finished.status, finished.err) == (0, "")
    assert finished.out.startswith("# OTC301: ")
    assert otac("explain", "301", cwd=tmp_path) == finished
    assert otac("explain", "OTC000", cwd=tmp_path).status == 2


def test_schema(tmp_path: Path) -> None:
    finished = otac("schema", cwd=tmp_path)
    assert (finished.status, finished.err) == (0, "")
    schema = json.loads(finished.out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["compile"],
        ["build", "config.yml", "--chek"],
        ["build", "config.yml", "--format", "xml"],
        ["run"],
        ["dev", "config.yml", "--port", "http"],
        ["check", "config.yml", "-q", "-v"],
        ["init", "--from", "nothing"],
    ],
)
def test_wrong_usage(arguments: list[str], sound: Path) -> None:
    finished = otac(*arguments, cwd=sound)
    assert (finished.status, finished.out) == (2, "")
    assert finished.err.startswith("usage: otac")
    assert [path.name for path in sound.iterdir()] == ["config.yml"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="POSIX permissions")
def test_a_pipe_that_is_closed_is_no_error(tmp_path: Path) -> None:
    shell = f"{OTAC} schema | head -c 1"
    run = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "{", "")


def test_the_package_is_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "otac", "explain", "OTC000"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "error: there is no diagnostic OTC000; did you mean OTC101?\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_behind_standard_output_is_named() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [OTAC, "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr == (
        "error[OTC504]: the operating system refused: no space left on device\n"
        "  = help: look at where the output of otac goes\n"
    )
