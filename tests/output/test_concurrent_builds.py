"""Several builds of one folder at once, and a reader beside them."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import sleep

import pytest
from faults import in_child
from output_project import Project, inputs, output

from otac.output import exclusive
from otac.output.apply import apply
from otac.output.plan import BuildPlan

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")

OUTPUTS = [
    output({f"r{i}": f"# {letter}\n" * 500 for i in range(30)}, keys={"name": letter})
    for letter in "ab"
]


def built(project: Project, which: int) -> None:
    planned = project.plan(OUTPUTS[which], inputs(config=str(which)), force=True)
    assert isinstance(planned, BuildPlan)
    assert isinstance(apply(planned), BuildPlan)


def forked(work: Callable[[], object]) -> int:
    """Start `work` in a fork and return its process id."""
    pid = os.fork()
    if pid == 0:
        os._exit(in_child(work))
    return pid


@pytest.mark.parametrize("attempt", range(20))
def test_two_builds_at_once_leave_the_output_of_one(
    project: Project, tmp_path: Path, attempt: int
) -> None:
    built(project, attempt % 2)
    wholes = []
    for which in (0, 1):
        twin = Project(tmp_path / str(which))
        built(twin, which)
        wholes.append(twin.tree())

    children = [forked(lambda which=which: built(project, which)) for which in (0, 1)]
    flow = project.folder / "generated/flows/r7.py"
    seen = set()
    while children:
        seen.add(flow.read_text())
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            assert os.waitstatus_to_exitcode(status) == 0
            children.remove(pid)

    assert seen <= {"# a\n" * 500, "# b\n" * 500}
    assert project.tree() in wholes
    assert (project.fresh(inputs(config="0")), project.fresh(inputs(config="1"))) in (
        ((), None),
        (None, ()),
    )


def test_a_plan_waits_for_the_build_at_work(project: Project) -> None:
    project.folder.mkdir()
    told, tell = os.pipe()
    go, start = os.pipe()

    def waiting() -> None:
        os.read(go, 1)
        project.plan(OUTPUTS[0])
        os.write(tell, b"planned ")

    # A fork inherits what its parent has locked, so it comes first.
    pid = forked(waiting)
    with exclusive.exclusive(project.folder):
        os.write(start, b"!")
        sleep(0.2)
        os.write(tell, b"released ")
    assert os.waitpid(pid, 0) == (pid, 0)
    assert os.read(told, 100) == b"released planned "


def test_where_folders_cannot_be_locked_a_file_elsewhere_is(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(exclusive, "_lock_folder", lambda folder: None)
    test_a_plan_waits_for_the_build_at_work(project)
    assert len(list(tmp_path.glob("otac-*.lock"))) == 1
    assert project.tree() == {}
