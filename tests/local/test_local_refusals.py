"""What stops `otac run` and `otac dev` before anything is started."""

import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from command import SOUND, Finished, otac


def test_prefect_is_missing(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    code = """
import sys
sys.modules["prefect"] = None
from otac.cli import main
sys.exit(main(["run", "config.yml", "triage"]))
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert Finished(run.returncode, run.stdout, run.stderr) == Finished(
        3,
        "",
        "error[OTC510]: running needs Prefect, which is not installed\n"
        ' = help: run `pip install "otac[prefect]"`, or with a copy of the repository '
        '`pip install "./otac[prefect]"`\n'
        "\n"
        "found 1 error\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["config.yml"]


@pytest.mark.parametrize("name", ["", "server.json", "prefect.log", "prefect.db"])
def test_the_folder_of_prefect_is_a_link_out_of_the_project(
    tmp_path: Path, name: str
) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    (project / "config.yml").write_text(SOUND, encoding="utf-8")
    link = f".otac/prefect-{version('prefect')}/{name}" if name else ".otac"
    (project / link).parent.mkdir(parents=True, exist_ok=True)
    (project / link).symlink_to(elsewhere / name)
    finished = otac("run", "config.yml", "triage", cwd=project)
    named = link if name else f".otac/prefect-{version('prefect')}"
    assert finished == Finished(
        3,
        "",
        f"error[OTC503]: the operating system refused `{named}`: a symbolic link leads"
        " out of the project\n"
        f" --> {named}\n"
        "  = help: remove the link: what runs here writes into that folder\n"
        "\n"
        "found 1 error\n",
    )
    assert list(elsewhere.iterdir()) == []


def test_the_port_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        finished = otac("dev", "config.yml", "--port", str(port), cwd=tmp_path)
    assert finished == Finished(
        3,
        "",
        "config.yml: 6 created\n"
        f"error[OTC511]: port {port} cannot be used: address already in use\n"
        " = help: name another one with `--port`, or leave it out for a free one\n"
        "\n"
        "found 1 error\n",
    )


def test_a_port_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    finished = otac("dev", "config.yml", "--port", "70000", cwd=tmp_path)
    assert finished.status == 3
    assert "error[OTC511]: port 70000 cannot be used: " in finished.err


def test_there_is_no_place_for_a_home(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    (tmp_path / ".otac").write_text("no folder\n", encoding="utf-8")
    finished = otac("run", "config.yml", "triage", cwd=tmp_path)
    assert (finished.status, finished.out) == (3, "")
    assert finished.err.startswith("error[OTC503]: the operating system refused `")
    assert "= help: the embedded Prefect keeps its database there\n" in finished.err
