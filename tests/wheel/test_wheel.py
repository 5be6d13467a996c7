"""The wheel, installed with nothing but what it needs, used in an empty folder."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from otac import __version__

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that has the wheel, and a folder that has nothing."""

    bin: Path
    folder: Path

    def run(self, *command: str) -> str:
        return _run(str(self.bin / command[0]), *command[1:], folder=self.folder)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    _uv("build", "--wheel", "--out-dir", str(folder), str(_ROOT), folder=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    environment = tmp_path_factory.mktemp("environment")
    python = str(environment / "bin" / "python")
    _uv("venv", "--clear", "--python", sys.executable, ".", folder=environment)
    _uv("pip", "install", "--python", python, str(wheel), folder=environment)
    return Installed(environment / "bin", tmp_path_factory.mktemp("empty"))


def test_the_wheel_holds_what_the_compiler_reads(wheel: Path) -> None:
    assert wheel.name == f"otac-{__version__}-py3-none-any.whl"
    names = set(ZipFile(wheel).namelist())
    assert {"otac/py.typed", "otac/schemas/config.schema.json"} <= names
    for folder, inside in (
        ("templates", "otac/templates"),
        ("schemas", "otac/schemas"),
        ("compiler/otac", "otac"),
    ):
        files = [
            path.relative_to(_ROOT / folder).as_posix()
            for path in (_ROOT / folder).rglob("*")
            if path.is_file() and "cache" not in str(path.relative_to(_ROOT))
        ]
        assert files
        assert {f"{inside}/{file}" for file in files} - names == set()


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "otac",
        f"otac-{__version__}.dist-info",
    }
    assert [name for name in names if name.endswith(".pyc")] == []


def test_the_environment_has_the_compiler_alone(installed: Installed) -> None:
    found = json.loads(
        _uv(
            *("pip", "list", "--format", "json"),
            *("--python", str(installed.bin / "python")),
            folder=installed.folder,
        )
    )
    assert sorted(package["name"].lower() for package in found) == [
        "jinja2",
        "markupsafe",
        "otac",
        "python-dateutil",
        "pyyaml",
        "six",
    ]


def test_it_says_its_version(installed: Installed) -> None:
    assert installed.run("otac", "--version") == f"otac {__version__}\n"


def test_it_prints_the_schema(installed: Installed) -> None:
    base = (_ROOT / "schemas" / "config.schema.json").read_text("utf-8")
    printed = json.loads(installed.run("otac", "schema"))
    assert printed["title"] == json.loads(base)["title"]
    assert "step:FetchTickets" in printed["$defs"]


def test_it_explains_a_diagnostic(installed: Installed) -> None:
    pages = _ROOT / "compiler" / "otac" / "diagnostics" / "pages"
    (page,) = pages.rglob("OTC301*")
    heading = page.read_text("utf-8").splitlines()[0].lstrip("# ")
    assert heading in installed.run("otac", "explain", "OTC301")


def test_it_builds_what_the_checkout_builds(
    installed: Installed, tmp_path: Path
) -> None:
    config = (_ROOT / "config.yml").read_bytes()
    for folder in (installed.folder, tmp_path):
        (folder / "config.yml").write_bytes(config)
    installed.run("otac", "build", "config.yml")
    checkout = Path(sys.executable).with_name("otac")
    _run(str(checkout), "build", "config.yml", folder=tmp_path)
    built, expected = _files(installed.folder), _files(tmp_path)
    # A release is known by its version, a checkout by a digest of its source.
    locks = [json.loads(one.pop("generated/otac.lock")) for one in (built, expected)]
    assert "prefect.yaml" in built
    assert "generated/flows/ticket_processor.py" in built
    assert built == expected
    assert locks[0].pop("compiler") == ""
    assert locks[1].pop("compiler") != ""
    assert locks[0] == locks[1]


def test_it_finds_mistakes(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text("orchestrator: {runner: []}\n")
    done = subprocess.run(
        [installed.bin / "otac", "build", "config.yml", "--format", "concise"],
        cwd=tmp_path,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        "config.yml:1:16: OTC202 unknown key `runner` in `orchestrator`"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["config.yml"]


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _uv(*arguments: str, folder: Path) -> str:
    return _run(sys.executable, "-m", "uv", "--quiet", *arguments, folder=folder)


def _run(*command: str, folder: Path) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _environment() -> dict[str, str]:
    """Without ways back to the checkout."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return {k: v for k, v in kept.items() if k != "VIRTUAL_ENV"}
