"""The image: what lints and reviews ask of a Dockerfile, and what gets into it."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from container_project import BIN, Project, ignored, services

from command import otac
from otac import __version__

New = Callable[..., Project]
_ROOT = Path(__file__).parents[2]


def _instructions(project: Project) -> list[str]:
    """The instructions of the Dockerfile, without comments, one line each."""
    text = re.sub(r"^#.*\n", "", project.read("Dockerfile"), flags=re.MULTILINE)
    return [line for line in text.replace("\\\n", " ").splitlines() if line]


def _hadolint(project: Project) -> list[dict[str, str]]:
    done = subprocess.run(
        [BIN / "hadolint", "--format", "json", "Dockerfile"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def test_hadolint_finds_nothing(built: Project) -> None:
    assert _hadolint(built) == []


def test_hadolint_would_find_something(new: New) -> None:
    project = new()
    (project.folder / "Dockerfile").write_text("FROM python\n", encoding="utf-8")
    assert "DL3006" in {one["code"] for one in _hadolint(project)}


def test_it_is_small_pinned_and_nobodys(built: Project) -> None:
    lines = _instructions(built)
    (image,) = {line for line in lines if line.startswith("ARG PYTHON_IMAGE")}
    assert re.fullmatch(r"ARG PYTHON_IMAGE=python:3\.12-slim-[a-z]+", image)
    assert [line for line in lines if line.startswith("FROM")] == [
        "FROM ${PYTHON_IMAGE} AS packages",
        "FROM ${PYTHON_IMAGE}",
    ]
    assert not [line for line in lines if line.startswith("ADD")]
    (user,) = (line for line in lines if line.startswith("USER"))
    assert user == "USER 10001:10001"
    assert lines.index(user) > max(
        at for at, line in enumerate(lines) if line.startswith(("RUN", "COPY"))
    )
    (command,) = (line for line in lines if line.startswith("CMD"))
    assert json.loads(command.removeprefix("CMD ")) == [
        *("otac", "worker", "start", "--pool=default")
    ]
    assert "PYTHONUNBUFFERED=1" in built.read("Dockerfile")
    # Whoever does not read Dockerfile.dockerignore fails before he copies anything.
    first = next(line for line in lines if line.startswith(("RUN", "COPY")))
    assert first.startswith("RUN --mount=")
    for line in lines:
        if "pip install" in line:
            assert "--no-cache-dir" in line


def test_its_packages_are_the_tested_ones(built: Project) -> None:
    def listed(path: str) -> list[str]:
        lines = built.read(path).splitlines()
        return [line for line in lines if line and not line.startswith("#")]

    tested = (_ROOT / "requirements" / "newest.txt").read_text(encoding="utf-8").split()
    assert listed("docker/constraints.txt") == tested
    packages = listed("docker/packages.txt")
    (prefect,) = (one for one in tested if one.startswith("prefect=="))
    assert packages[:2] == [f"otac[prefect]=={__version__}", prefect]
    assert re.fullmatch(r"prefect-redis==[0-9.]+", packages[2])
    extra = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for limit in packages[3:]:
        assert f'"{limit}"' in extra
    assert len(packages) == 5


def test_what_components_need_is_installed(new: New) -> None:
    project = new()
    project.write(
        "services:\n"
        "  helpdesk: {use: SqliteTicketSystem, path: helpdesk.db}\n"
        "  model: {use: HuggingFaceClassifier, model_name: models/triage}\n"
        "prefect:\n"
        "  pull:\n"
        "    - prefect.deployments.steps.git_clone:\n"
        "        repository: https://example.com/flows.git\n"
        "        access_token: '{{ $GIT_TOKEN }}'\n"
        "orchestrator:\n"
        "  runners:\n"
        "    - pipe_id: tickets\n"
        "      interval_seconds: 300\n"
        "      pipe: {use: ProcessTickets, queue: Incoming}\n"
    )
    done = project.build("--docker")
    assert done.status == 0, done.err
    assert f"otac[hf,prefect]=={__version__}\n" in project.read("docker/packages.txt")
    text = project.read("Dockerfile")
    assert "install --yes --no-install-recommends git " in text
    assert "rm -rf /var/lib/apt/lists/*" in text
    assert _hadolint(project) == []
    assert "\nGIT_TOKEN=\n" in project.read(".env.example")


def test_git_is_left_out_where_nothing_calls_it(built: Project) -> None:
    assert "apt-get" not in built.read("Dockerfile")


# Where the output lies, and what leads there from the folder of the build.
LAYOUTS = [
    ("config.yml", (), ".", "."),
    ("conf/config.yml", (), "conf", "."),
    ("config.yml", ("-o", "build"), "build", ".."),
    ("conf/config.yml", ("-o", "."), ".", "."),
    ("conf/config.yml", ("-o", "out/prefect"), "out/prefect", "../.."),
]


@pytest.mark.parametrize(("config", "flags", "output", "context"), LAYOUTS)
def test_the_image_holds_what_it_runs(
    new: New,
    tmp_path: Path,
    config: str,
    flags: tuple[str, ...],
    output: str,
    context: str,
) -> None:
    """In a copy of what Docker would copy, the output is up to date, as `deploy` asks."""
    project = new(config=config)
    done = project.build("--docker", "--kubernetes", *flags)
    assert done.status == 0, done.err
    folder = project.folder / output
    build = services(folder)["migrate"]["build"]
    root = Path(build["context"])
    assert root == (folder / context).resolve()
    dockerfile = root / build["dockerfile"]
    assert dockerfile.samefile(folder / "Dockerfile")

    secrets = (".env", ".env.local", "sub/server.key", "helpdesk.db", ".git/config")
    for name in secrets:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("secret", encoding="utf-8")
    patterns = Path(f"{dockerfile}.dockerignore").read_text(encoding="utf-8")
    image = tmp_path / "image"
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not ignored(patterns, name):
            (image / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, image / name)
    assert not [name for name in secrets if (image / name).exists()]

    text = dockerfile.read_text(encoding="utf-8")
    (inside,) = re.findall(r"^WORKDIR /project(.*)$", text, flags=re.MULTILINE)
    (copied,) = re.findall(r"^COPY (\[.*\])$", text, flags=re.MULTILINE)
    packages, requirements, _ = json.loads(copied)
    assert (root / packages / "packages.txt").is_file()
    (root / requirements.replace("[t]", "t")).write_text("acme", encoding="utf-8")
    assert list(root.glob(requirements)) != []

    command = services(folder)["deploy"]["command"]
    assert (command[:2], command[-1]) == (["otac", "deploy"], "--yes")
    checked = otac("build", *command[2:-1], "--check", cwd=Path(f"{image}{inside}"))
    assert checked.status == 0, checked.err
    assert "nothing to do" in checked.err
    assert (Path(f"{image}{inside}") / "docker" / "pool.json").is_file()


def test_the_command_of_the_image_is_data(new: New) -> None:
    """A form that Docker does not take for JSON would be a line for a shell."""
    project = new()
    pool = 'a" b$(id)`id`\\x\u2028\U0001f600'
    config = f"""\
orchestrator:
  runners:
    - pipe_id: own
      interval_seconds: 300
      work_pool: {json.dumps(pool, ensure_ascii=False)}
      pipe: {{use: "acme:triage", word: w}}
"""
    project.write(config)
    done = project.build("--docker", "--kubernetes")
    assert done.status == 0, done.err
    (line,) = (one for one in _instructions(project) if one.startswith("CMD"))
    assert line.isascii()
    assert json.loads(line.removeprefix("CMD "))[-1] == f"--pool={pool}"
    worker = services(project.folder)["worker-a-b-id-id-x"]
    assert worker["command"][3].replace("$$", "$") == f"--pool={pool}"
    (text,) = re.findall(
        r'^ +- "--pool=.*$', project.read("kubernetes/workers.yaml"), re.MULTILINE
    )
    assert yaml.safe_load(text)[0].replace("$$(", "$(") == f"--pool={pool}"
