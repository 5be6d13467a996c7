"""Disks, permissions and paths that do not let a build through."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest
from faults import in_child
from output_project import Project, output

from otac.diagnostics.diagnostic import Diagnostic
from otac.output.apply import apply
from otac.output.environment import environment
from otac.output.plan import BuildPlan

OLD = output({"triage": "# triage 1\n"})
NEW = output({"triage": "# triage 2\n", "escalate": "# escalate\n"})
NOBODY = 65534

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and mount")


def outcome(project: Project) -> tuple[Diagnostic, ...] | None:
    """The diagnostics of building NEW; None where it went through."""
    planned = project.plan(NEW)
    done = apply(planned) if isinstance(planned, BuildPlan) else planned
    return None if isinstance(done, BuildPlan) else done


def messages(found: tuple[Diagnostic, ...] | None) -> list[str]:
    return [f"{one.code} {one.message}" for one in found or ()]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.call(command) != 0:
        pytest.skip("this process may not mount a file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@posix
def test_a_disk_may_become_full_at_any_point(small_disk: Path) -> None:
    project = Project(small_disk / "helpdesk")
    project.build(OLD)
    old = project.tree()
    ballast = small_disk / "ballast"
    refused = 0
    for pages in range(16, -1, -1):
        ballast.write_bytes(b"")
        _fill(ballast)
        os.truncate(ballast, max(0, ballast.stat().st_size - (16 - pages) * 4096))
        found = outcome(project)
        if found is None:
            break
        assert messages(found) in (
            ["OTC502 the operating system refused `helpdesk`: no space left on device"],
            [_full(small_disk / "helpdesk")],
        )
        assert project.tree() == old
        refused += 1
    assert refused >= 3
    assert project.read("generated/flows/escalate.py") == "# escalate\n"


def _fill(ballast: Path) -> None:
    with ballast.open("ab", buffering=0) as file, pytest.raises(OSError, match="space"):
        file.writelines(repeat(b"x" * 4096))


def _full(folder: Path) -> str:
    return (
        f"OTC502 the operating system refused `{folder.as_posix()}`: "
        "no space left on device"
    )


@posix
def test_a_full_disk_stops_a_first_build_without_a_trace(small_disk: Path) -> None:
    _fill(small_disk / "ballast")
    project = Project(small_disk / "a" / "helpdesk")
    found = outcome(project)
    assert [one.code for one in found or ()] == ["OTC502"]
    assert sorted(path.name for path in small_disk.iterdir()) == ["ballast"]


@posix
def test_a_read_only_disk_is_left_alone(small_disk: Path) -> None:
    project = Project(small_disk / "helpdesk")
    project.build(OLD)
    old = project.tree()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert messages(outcome(project)) == [
        "OTC501 the operating system refused `.otac-build`: read-only file system"
    ]
    assert project.tree() == old
    assert project.actions(OLD) == {}
    assert project.fresh() == ()
    elsewhere = Project(small_disk / "new")
    assert [one.code for one in outcome(elsewhere) or ()] == ["OTC501"]


@posix
def test_generated_may_be_a_mount(small_disk: Path, tmp_path: Path) -> None:
    project = Project(tmp_path / "helpdesk")
    generated = project.folder / "generated"
    generated.mkdir(parents=True)
    subprocess.run(["mount", "--bind", str(small_disk), str(generated)], check=True)
    try:
        project.build(OLD)
        assert outcome(project) is None
        assert (small_disk / "flows/escalate.py").read_text() == "# escalate\n"
        assert project.fresh() == ()
        assert {path.name for path in project.folder.iterdir()} == {
            "generated",
            "prefect.yaml",
        }
    finally:
        subprocess.run(["umount", str(generated)], check=True)


@posix
def test_generated_may_hold_a_mount(small_disk: Path, tmp_path: Path) -> None:
    project = Project(tmp_path / "helpdesk")
    project.build(OLD)
    cache = project.folder / "generated/cache"
    cache.mkdir()
    subprocess.run(["mount", "--bind", str(small_disk), str(cache)], check=True)
    try:
        (cache / "mine").write_text("mine")
        assert outcome(project) is None
        assert (small_disk / "mine").read_text() == "mine"
        assert project.fresh() == ()
    finally:
        subprocess.run(["umount", str(cache)], check=True)


@pytest.fixture
def of_nobody() -> Iterator[Project]:
    """A folder that an ordinary user owns, where the test runs as root."""
    if sys.platform == "win32" or os.getuid() != 0:
        pytest.skip("only root can become another user")
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    project = Project(place / "helpdesk")
    project.build(OLD)
    for path in (project.folder, *project.folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    yield project
    shutil.rmtree(place)


def as_nobody(project: Project, expected: list[str]) -> None:
    """Build NEW as an ordinary user, and compare the messages."""
    outcome(Project(project.folder.parent / "warm-up"))  # what is imported on demand

    def build() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        found = messages(outcome(project))
        assert found == expected, found

    assert in_child(build) == 0


def test_an_ordinary_user_may_build(of_nobody: Project) -> None:
    as_nobody(of_nobody, [])
    assert of_nobody.fresh() == ()


@pytest.mark.parametrize(
    ("locked", "named"),
    [(".", ".otac-build"), ("generated", "generated/.otac.lock.otac-new")],
)
def test_a_folder_without_permission_stays_as_it_is(
    of_nobody: Project, locked: str, named: str
) -> None:
    (of_nobody.folder / locked).chmod(0o555)
    before = of_nobody.tree()
    as_nobody(
        of_nobody, [f"OTC501 the operating system refused `{named}`: permission denied"]
    )
    assert of_nobody.tree() == before


def test_a_file_that_may_not_be_read_is_named(of_nobody: Project) -> None:
    path = of_nobody.folder / "generated/flows/triage.py"
    path.chmod(0)
    as_nobody(
        of_nobody,
        [
            (
                "OTC501 the operating system refused `generated/flows/triage.py`: "
                "permission denied"
            )
        ],
    )


def test_files_of_another_user_do_not_stand_in_the_way(of_nobody: Project) -> None:
    cache = of_nobody.folder / "generated/flows/__pycache__"
    cache.mkdir()
    (cache / "triage.pyc").write_text("bytecode of root")
    (cache / "triage.pyc").chmod(0o600)
    (of_nobody.folder / "generated/notes.txt").write_text("root's")
    before = of_nobody.stamps()
    as_nobody(of_nobody, [])
    assert of_nobody.fresh() == ()
    for path in ("generated/flows/__pycache__/triage.pyc", "generated/notes.txt"):
        assert of_nobody.stamps()[path] == before[path]


@pytest.mark.parametrize(
    ("obstacle", "message"),
    [
        ("file", "OTC503 the operating system refused `{}`: not a directory"),
        ("file above", "OTC503 the operating system refused `{}`: not a directory"),
        (
            "generated is a file",
            (
                "OTC503 the operating system refused `generated/otac.lock`: "
                "not a directory"
            ),
        ),
        (
            "links in a circle",
            (
                "OTC503 the operating system refused `generated/otac.lock`: "
                "too many levels of symbolic links"
            ),
        ),
        (
            "prefect.yaml leads nowhere",
            (
                "OTC503 the operating system refused `prefect.yaml`: "
                "the link leads nowhere"
            ),
        ),
        (
            "prefect.yaml is a folder",
            "OTC503 the operating system refused `prefect.yaml`: is a directory",
        ),
        ("long name", "OTC503 the operating system refused `{}`: file name too long"),
    ],
)
def test_a_path_that_leads_nowhere_is_one_diagnostic(
    tmp_path: Path, obstacle: str, message: str
) -> None:
    folder = tmp_path / "helpdesk"
    match obstacle:
        case "file":
            folder.write_text("mine")
        case "file above":
            folder.write_text("mine")
            folder = folder / "deeper"
        case "long name":
            folder = tmp_path / ("x" * 300)
        case _:
            folder.mkdir()
    match obstacle:
        case "generated is a file":
            (folder / "generated").write_text("mine")
        case "links in a circle":
            (folder / "generated").symlink_to("generated")
        case "prefect.yaml leads nowhere":
            (folder / "prefect.yaml").symlink_to("nowhere")
        case "prefect.yaml is a folder":
            (folder / "prefect.yaml").mkdir()
    before = sorted(tmp_path.rglob("*"))
    assert messages(outcome(Project(folder))) == [message.format(folder.as_posix())]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, "OTC501"),
        (errno.EPERM, "OTC501"),
        (errno.EROFS, "OTC501"),
        (errno.ENOSPC, "OTC502"),
        (errno.EDQUOT, "OTC502"),
        (errno.ENOTDIR, "OTC503"),
        (errno.ELOOP, "OTC503"),
        (errno.EIO, "OTC504"),
        (errno.EBUSY, "OTC504"),
    ],
)
def test_what_the_system_says_decides_the_code(number: int, code: str) -> None:
    folder = Path("out")
    found = environment(OSError(number, "Said So", "out/generated/x.py"), folder)
    assert (found.code, found.message, found.file) == (
        code,
        "the operating system refused `generated/x.py`: said So",
        "generated/x.py",
    )
