"""The GitLab template and the Dockerfile, run without GitLab and Docker."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from programs import ROOT, on_path, tool

_GITLAB = ROOT / "templates" / "gitlab-ci.yml"


def _job(folder: Path, name: str, **more: str) -> int:
    """Run the script of a job as GitLab does: all its lines, until one fails."""
    pipeline: dict[str, Any] = yaml.safe_load(_GITLAB.read_text(encoding="utf-8"))
    environment = {
        **on_path(),
        **{k: v for k, v in pipeline["variables"].items() if k.startswith("OTAC_")},
        **more,
    }
    script = "set -eo pipefail\n" + "\n".join(pipeline[name]["script"])
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=300,
        check=False,
    ).returncode


@pytest.mark.slow
def test_gitlab_knows_all_its_keys() -> None:
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    tool("check-jsonschema", *schema, str(_GITLAB))


def test_gitlab_gets_its_reports(project: Path) -> None:
    assert _job(project, "otac-check") == 0
    assert _found(project) <= {"OTC330", "OTC331"}
    assert _job(project, "otac-test") == 0
    suites = ElementTree.parse(project / "otac-tests.xml").getroot()
    assert suites.findall(".//testcase")
    config = project / "config.yml"
    config.write_text(config.read_text("utf-8") + "orchestratr: {}\n", "utf-8")
    assert _job(project, "otac-check") == 1
    assert "OTC202" in _found(project)


def _found(project: Path) -> set[str]:
    report = json.loads((project / "gl-code-quality-report.json").read_bytes())
    return {str(one["check_name"]) for one in report}


def test_gitlab_without_a_server_fails(project: Path) -> None:
    url = "http://127.0.0.1:9/api"
    assert _job(project, "otac-plan", PREFECT_API_URL=url) == 1


def _lines(dockerfile: str) -> list[str]:
    text = re.sub(r"(?m)^#.*\n", "", dockerfile).replace("\\\n", " ")
    return [line for line in text.splitlines() if line]


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [hadolint, ROOT / "Dockerfile"], capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")


@pytest.mark.slow
def test_the_image_builds_and_runs_as_far_as_that_goes_without_docker(
    project: Path, tmp_path: Path
) -> None:
    """What it copies is copied, what it runs is run, in an empty environment."""
    image = tmp_path / "image"
    subprocess.run([sys.executable, "-m", "venv", image / "venv"], check=True)
    path = f"{image / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for line in _lines((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        word, _, rest = line.partition(" ")
        if word == "COPY":
            *sources, target = rest.split()
            place = image / target.lstrip("/")
            for source in sources:
                assert f"!{source}" in ignored
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, place)
                else:
                    into = place / source if target.endswith("/") else place
                    into.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(ROOT / source, into)
        elif word == "RUN":
            command = rest.replace("/src", str(image / "src"))
            subprocess.run(["sh", "-ec", command], env=environment, check=True)
    assert not (image / "src").exists()
    for words in (("check",), ("build", "--check"), ("test",)):
        command = ["otac", *words, "config.yml"]
        subprocess.run(command, cwd=project, env=environment, check=True)
