"""A build that is killed or refused before any one of its file-system calls."""

import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from faults import in_child, intercept, kill
from output_project import Project, deployment, output

from otac.emit.layout import Output
from otac.output import transaction
from otac.output.apply import apply
from otac.output.plan import BuildPlan
from otac.output.swap import Unsupported

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")

OLD = output({"triage": "# triage 1\n", "gone": "# gone\n", "same": "# same\n"})
NEW = output({"triage": "# triage 2\n", "made": "# made\n", "same": "# same\n"})
MODULES = output(
    {"triage": "# triage 2\n", "made": "# made\n", "same": "# same\n"},
    *OLD.deployments.deployments,
)
LISTED = output(
    {"triage": "# triage 1\n", "gone": "# gone\n", "same": "# same\n"},
    deployment("triage", tags=["a"]),
    deployment("same"),
)
MANY = output(
    {"triage": "# triage 2\n", "made": "# made\n", "same": "# same\n"},
    others={"Dockerfile": "FROM x\n", "k8s/a.yaml": "a: 1\n"},
)


@dataclass(frozen=True)
class Story:
    """What stands there, what is to be built, and whether folders can be exchanged."""

    old: Output | None
    new: Output
    exchange: bool = True
    gaps: int = 0


STORIES = {
    "the first build": Story(None, NEW, gaps=1),
    "modules and deployments": Story(OLD, NEW, gaps=1),
    "modules alone": Story(OLD, MODULES),
    "deployments alone": Story(OLD, LISTED, gaps=1),
    "several files beside the modules": Story(OLD, MANY, gaps=3),
    "the last file beside the modules goes": Story(MANY, OLD, gaps=3),
    "no exchange of folders": Story(OLD, NEW, exchange=False),
    "no exchange of folders, several files": Story(MANY, OLD, exchange=False),
}


@dataclass(frozen=True)
class Stage:
    """A folder in which the same build can be tried again and again."""

    project: Project
    story: Story
    old: dict[str, bytes | None]
    new: dict[str, bytes | None]

    def plan(self) -> BuildPlan:
        """The plan for the new output, in a folder with the old one."""
        shutil.rmtree(self.project.folder, ignore_errors=True)
        for path, content in self.old.items():
            if content is not None:
                target = self.project.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        return self.planned()

    def planned(self) -> BuildPlan:
        plan = self.project.plan(self.story.new)
        assert isinstance(plan, BuildPlan)
        return plan


def staged(folder: Path, story: Story) -> Stage:
    """The old output with somebody else's files in it, and what becomes of it."""
    project = Project(folder)
    old: dict[str, bytes | None] = {}
    if story.old is not None:
        project.build(story.old)
        project.write("generated/flows/__pycache__/triage.pyc", "bytecode")
        project.write("prefect.yaml", project.read("prefect.yaml") + "# mine\n")
        old = project.tree()
    project.build(story.new)
    return Stage(project, story, old, project.tree())


def files(tree: dict[str, bytes | None]) -> dict[str, bytes]:
    """The tree without its folders."""
    return {path: content for path, content in tree.items() if content is not None}


def visible(tree: dict[str, bytes | None]) -> dict[str, bytes]:
    """The files as everybody but otac sees them."""
    return {
        path: content
        for path, content in files(tree).items()
        if not any(part.startswith(".") for part in path.split("/"))
    }


def at_call(number: int, act: Callable[[], None]) -> Callable[[int, str], None]:
    def before(running: int, name: str) -> None:
        if running == number:
            act()

    return before


def no_exchange(one: str, other: str) -> None:
    raise Unsupported


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: a thousand builds need no disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(params=STORIES)
def stage(
    request: pytest.FixtureRequest, place: Path, monkeypatch: pytest.MonkeyPatch
) -> Stage:
    story = STORIES[request.param]
    if not story.exchange:
        monkeypatch.setattr(transaction, "exchange", no_exchange)
    return staged(place / "helpdesk", story)


@pytest.fixture
def usual(place: Path) -> Stage:
    return staged(place / "helpdesk", STORIES["modules and deployments"])


def test_a_kill_leaves_the_old_output_or_the_new_one(stage: Stage) -> None:
    project, kept = stage.project, "generated/flows/same.py"
    gaps = []
    for number in count(1):
        plan = stage.plan()

        def killed(plan: BuildPlan = plan, number: int = number) -> None:
            intercept(at_call(number, kill), reading=False)
            apply(plan)

        status = in_child(killed)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        left = visible(project.tree())
        between = left not in (visible(stage.old), visible(stage.new))
        if between:
            gaps.append(number)
        stamp = project.stamps().get(kept)

        # The next command finds what is left, and finishes it or clears it away.
        again = stage.planned()
        settled = project.tree()
        assert settled == (stage.old if again.pending else stage.new)
        if between and stage.story.exchange:
            assert settled == stage.new
        assert stamp in (None, project.stamps().get(kept))
        assert isinstance(apply(again), BuildPlan)
        assert project.tree() == stage.new

    assert number > 20
    if stage.story.exchange:
        # One call after the other, from the exchange to the last of the other files.
        assert len(gaps) == stage.story.gaps
        assert gaps == list(range(gaps[0], gaps[0] + len(gaps))) if gaps else True


def test_a_refused_call_changes_nothing(stage: Stage) -> None:
    project = stage.project
    for number in count(1):
        plan = stage.plan()

        def refused(plan: BuildPlan = plan, number: int = number) -> None:
            calls = 0

            def before(running: int, name: str) -> None:
                nonlocal calls
                calls = running
                if running == number:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

            intercept(before)
            done = apply(plan)
            if isinstance(done, BuildPlan):
                os._exit(1 if calls >= number else 0)
            assert [one.code for one in done] == ["OTC502"]
            os._exit(2)

        status = in_child(refused)
        if status == 0:
            break
        assert status in (1, 2)
        if status == 2:
            assert project.tree() == stage.old
        else:  # a call that a build can do without, such as clearing up
            assert visible(project.tree()) == visible(stage.new)
            assert stage.planned().pending == ()
            assert files(project.tree()) == files(stage.new)

    assert number > 20


def test_a_kill_while_going_back_is_no_mixture_either(place: Path) -> None:
    story = STORIES["several files beside the modules"]
    stage = staged(place / "helpdesk", story)
    for number in count(1):
        plan = stage.plan()

        def killed(plan: BuildPlan = plan, number: int = number) -> None:
            refused_at = 0

            def before(running: int, name: str) -> None:
                nonlocal refused_at
                if refused_at and running == refused_at + number:
                    kill()
                if "replace" in name and ".prefect.yaml.otac-new" in name:
                    refused_at = running
                    raise OSError(errno.EIO, os.strerror(errno.EIO))

            intercept(before)
            assert not isinstance(apply(plan), BuildPlan)

        status = in_child(killed)
        again = stage.planned()
        assert stage.project.tree() == (stage.old if again.pending else stage.new)
        if status == 0:
            assert again.pending
            break
        assert status == -signal.SIGKILL
    assert number > 10


def test_recovery_overwrites_nothing_that_was_edited_since(usual: Stage) -> None:
    project, plan = usual.project, usual.plan()

    def killed() -> None:
        def before(running: int, name: str) -> None:
            if "replace" in name and ".prefect.yaml.otac-new" in name:
                kill()

        intercept(before)
        apply(plan)

    assert in_child(killed) == -signal.SIGKILL
    edited = project.read("prefect.yaml").replace("name: gone", "name: mine")
    project.write("prefect.yaml", edited)

    usual.planned()

    assert project.read("prefect.yaml") == edited
    assert project.read("generated/flows/triage.py") == "# triage 2\n"
    assert project.tree().keys() == usual.new.keys()


def test_a_file_that_comes_while_the_folder_is_exchanged_is_not_lost(
    usual: Stage,
) -> None:
    project, plan = usual.project, usual.plan()

    def disturbed() -> None:
        def before(running: int, name: str) -> None:
            if name.startswith("exchange"):
                (project.folder / "generated/flows/new.txt").write_text("mine")
                (project.folder / "generated/mine").mkdir()
                (project.folder / "generated/mine/new.txt").write_text("mine")
                saved = project.folder / "generated/flows/saved"
                saved.write_text("newer bytecode")
                saved.replace(project.folder / "generated/flows/__pycache__/triage.pyc")

        intercept(before)
        assert isinstance(apply(plan), BuildPlan)

    assert in_child(disturbed) == 0
    assert project.read("generated/flows/new.txt") == "mine"
    assert project.read("generated/mine/new.txt") == "mine"
    assert project.read("generated/flows/__pycache__/triage.pyc") == "newer bytecode"
    assert project.fresh() == ()


def test_a_torn_journal_is_of_a_build_that_changed_nothing(usual: Stage) -> None:
    usual.plan()
    project = usual.project
    project.write(".otac-build/journal", '{"tree": 1')
    project.write(".otac-build/journal.draft", "")
    project.write(".otac-build/generated/flows/triage.py", "# triage 2\n")
    assert project.fresh() is None
    usual.planned()
    assert project.tree() == usual.old
