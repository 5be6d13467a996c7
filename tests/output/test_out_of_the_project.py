"""Nothing outside of the output folder is written or removed, whatever lies in it."""

import json
import os
from pathlib import Path

import pytest
from output_project import Project, output

from otac.output.lock import digest, fresh
from otac.output.plan import BuildPlan
from otac.output.replacement import replace_file

ONE = output({"triage": "# triage\n"})
LOCK = "generated/otac.lock"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine\n")
    return folder


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}


def list_in_the_lock(project: Project, path: str, said: str) -> None:
    raw = json.loads((project.folder / LOCK).read_bytes())
    raw["files"][path] = said
    (project.folder / LOCK).write_text(json.dumps(raw))


def codes(planned: BuildPlan | tuple[object, ...]) -> list[str]:
    assert not isinstance(planned, BuildPlan)
    return [getattr(one, "code", "") for one in planned]


@pytest.mark.parametrize("force", [False, True])
def test_a_lock_removes_nothing_behind_a_link(
    project: Project, elsewhere: Path, force: bool
) -> None:
    project.build(ONE)
    (project.folder / "link").symlink_to(elsewhere)
    list_in_the_lock(project, "link/mine.txt", digest(b"mine\n"))
    assert codes(project.plan(ONE, force=force)) == ["OTC402"]
    assert content(elsewhere) == {"mine.txt": "mine\n"}


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("link", ["generated", "generated/flows"])
def test_nothing_is_written_through_a_link(
    project: Project, elsewhere: Path, link: str, force: bool
) -> None:
    place = project.folder / link
    place.parent.mkdir(parents=True)
    place.symlink_to(elsewhere)
    assert set(codes(project.plan(ONE, force=force))) == {"OTC402"}
    assert content(elsewhere) == {"mine.txt": "mine\n"}


@pytest.mark.parametrize(
    "path",
    [
        "../elsewhere/mine.txt",
        "/etc/passwd",
        "a/../../elsewhere/mine.txt",
        "C:x",
        "a\\b",
        "a\0b",
        "a\nb",
        "\ud800",
        "",
        "./a",
    ],
)
def test_a_lock_names_files_below_its_folder(project: Project, path: str) -> None:
    project.build(ONE)
    list_in_the_lock(project, path, "x")
    assert codes(project.plan(ONE)) == ["OTC403"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("files", {"a": 1}),
        ("files", []),
        ("inputs", None),
        ("otac", 5),
        ("places", {"a": {"b": float("inf")}}),
        ("places", {"a": {"b": 10**400}}),
        ("places", [1]),
        ("diagnostics", [{"code": 1}]),
        ("diagnostics", [{"code": "OTC1", "severity": "x", "message": "m"}]),
        (
            "diagnostics",
            [{"code": "OTC1", "severity": "error", "message": "m", "span": [-1, 0]}],
        ),
        ("diagnostics", "x"),
        ("prefect.yaml", []),
        ("source", "\ud800"),
    ],
)
def test_a_lock_of_another_shape_is_refused(
    project: Project, key: str, value: object
) -> None:
    project.build(ONE)
    raw = json.loads((project.folder / LOCK).read_bytes())
    (project.folder / LOCK).write_text(json.dumps({**raw, key: value}))
    assert codes(project.plan(ONE)) == ["OTC403"]
    assert fresh(project.folder, project.build(ONE, force=True).build.inputs) == ()


def test_the_staging_folder_is_no_link(project: Project, elsewhere: Path) -> None:
    (elsewhere / "generated").mkdir()
    (elsewhere / "generated/mine.txt").write_text("mine\n")
    project.build(ONE)
    (project.folder / ".otac-build").symlink_to(elsewhere)
    assert codes(project.plan(ONE)) == ["OTC503"]
    assert (elsewhere / "generated/mine.txt").exists()


def test_what_is_staged_is_no_link(project: Project, elsewhere: Path) -> None:
    project.build(ONE)
    (project.folder / ".otac-build").mkdir()
    (project.folder / ".otac-build/generated").symlink_to(elsewhere)
    project.build(output({"triage": "# another\n"}))
    assert content(elsewhere) == {"mine.txt": "mine\n"}


@pytest.mark.parametrize(
    "journal",
    [
        {"path": "../elsewhere/mine.txt", "old": digest(b"mine\n"), "new": None},
        {"path": "link/mine.txt", "old": digest(b"mine\n"), "new": None},
        {"path": "/etc/x", "old": None, "new": "x"},
        {"path": 5},
    ],
)
def test_a_journal_moves_nothing_elsewhere(
    project: Project, elsewhere: Path, journal: dict[str, object]
) -> None:
    project.build(ONE)
    (project.folder / "link").symlink_to(elsewhere)
    (project.folder / ".otac-build").mkdir()
    note = {"tree": None, "changed": [], "moves": [journal]}
    (project.folder / ".otac-build/journal.ready").write_text(json.dumps(note))
    project.build(output({"triage": "# another\n"}))
    assert content(elsewhere) == {"mine.txt": "mine\n"}


def test_a_file_is_replaced_in_its_folder_only(tmp_path: Path, elsewhere: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "config.yml").symlink_to(elsewhere / "mine.txt")
    with pytest.raises(OSError, match="leads out of its folder"):
        replace_file(here / "config.yml", b"new")
    assert content(elsewhere) == {"mine.txt": "mine\n"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
@pytest.mark.parametrize("path", [LOCK, "prefect.yaml", "generated/flows/triage.py"])
def test_a_pipe_is_not_waited_for(project: Project, path: str) -> None:
    project.build(ONE)
    (project.folder / path).unlink()
    os.mkfifo(project.folder / path)
    assert codes(project.plan(ONE)) == ["OTC504"]
