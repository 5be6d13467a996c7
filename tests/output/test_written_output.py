"""What lies in the folder after a build, and what a build leaves alone."""

import os
from pathlib import Path

import pytest
from output_project import Project, inputs, output

from otac.diagnostics.diagnostic import note
from otac.output.apply import apply
from otac.output.plan import BuildPlan

ONE = output({"triage": "# triage 1\n"})
TWO = output({"triage": "# triage 2\n", "escalate": "# escalate\n"})

PREFECT_ONE = """\
# Compiled by otac from config.yml. Edit the configuration, then run `otac build`.

name: helpdesk

build:
  - otac.runtime.project_directory:
      id: project

deployments:
  - name: triage
    entrypoint: generated/flows/triage.py:triage
"""

# The digests of files are those that `sha256sum` prints; those of deployments and keys
# are of their data as JSON with sorted keys.
LOCK_ONE = """\
{
  "format": 1,
  "otac": "0.1.0",
  "compiler": "c1",
  "source": "config.yml",
  "inputs": {
    "config.yml": "1"
  },
  "files": {
    "generated/__init__.py": "527c668d5ae4f9e34e46c8ad88ce3c5b4a41eb27ec684ace6a4f11621fc42edf",
    "generated/flows/__init__.py": "6d2321209c9ed70f60c862489cc3710fdfe23b2a7c4844977c4fecfa3fa1b72e",
    "generated/flows/triage.py": "709921a59104a3c957cf66aabc026db802b49b1d317bc9a7e2e37906d456e231"
  },
  "prefect.yaml": {
    "digest": "7fdc70574ad132802ba18e1907033753af3c8453f194275ee53a380e9ec64bc0",
    "whole": true,
    "keys": {
      "build": "cbfb2a9de0ac9853950123ef2f08e150cd705c9c65a9e2321d3f94bc06005bbe",
      "name": "d619095bc3155d29a1db7ab81607839a411c6f876dbf15c91c51af58e1876136"
    },
    "deployments": {
      "triage": "e04d7676ada931e0e04e56efc3347b5d7bcf5a58fd352c19bdc6bc2b2f3d406c"
    }
  },
  "places": {},
  "diagnostics": [
    {"code": "OTC900", "severity": "note", "message": "a store next to the configuration"}
  ]
}
"""


def test_the_first_build_makes_the_folder_and_everything_in_it(
    project: Project,
) -> None:
    project.build(ONE, None, note("OTC900", "a store next to the configuration"))

    assert list(project.tree()) == [
        "generated",
        "generated/__init__.py",
        "generated/flows",
        "generated/flows/__init__.py",
        "generated/flows/triage.py",
        "generated/otac.lock",
        "prefect.yaml",
    ]
    assert project.read("generated/flows/triage.py") == "# triage 1\n"
    assert project.read("prefect.yaml") == PREFECT_ONE
    assert project.read("generated/otac.lock") == LOCK_ONE


def test_missing_folders_above_the_output_are_made(tmp_path: Path) -> None:
    deep = Project(tmp_path / "a" / "b" / "c")
    deep.build(ONE)
    assert deep.read("prefect.yaml") == PREFECT_ONE


def test_an_unchanged_build_writes_nothing(project: Project) -> None:
    project.build(ONE)
    folders = {
        path: path.stat().st_mtime_ns
        for path in (project.folder, *project.folder.rglob("*"))
    }
    assert project.actions(ONE) == {}
    assert project.build(ONE).pending == ()
    assert folders == {path: path.stat().st_mtime_ns for path in folders}


def test_only_what_changed_is_another_file_afterwards(project: Project) -> None:
    project.build(ONE)
    before = project.stamps()
    assert project.actions(TWO) == {
        "generated/flows/escalate.py": "create",
        "generated/flows/triage.py": "update",
        "generated/otac.lock": "update",
        "prefect.yaml": "update",
    }
    project.build(TWO)
    after = project.stamps()
    kept = {path for path in before if after[path] == before[path]}
    assert kept == {"generated/__init__.py", "generated/flows/__init__.py"}


def test_files_of_others_in_generated_stay_the_same_files(project: Project) -> None:
    project.build(ONE)
    project.write("generated/flows/__pycache__/triage.cpython-311.pyc", "bytecode")
    project.write("generated/mine/notes.txt", "mine")
    (project.folder / "generated/link").symlink_to("mine/notes.txt")
    (project.folder / "generated/empty").mkdir()
    (project.folder / "generated/mine").chmod(0o750)
    os.utime(project.folder / "generated/mine", ns=(1, 1_000_000_000))
    mine = {path for path in project.stamps() if "otac.lock" not in path}
    before = project.stamps()
    project.build(TWO)
    after = project.stamps()

    changed = {path for path in mine if after[path] != before[path]}
    assert changed == {"generated/flows/triage.py", "prefect.yaml"}
    assert project.read("generated/link") == "mine"
    assert (project.folder / "generated/link").is_symlink()
    assert (project.folder / "generated/empty").is_dir()
    status = (project.folder / "generated/mine").stat()
    assert (status.st_mode & 0o777, status.st_mtime_ns) == (0o750, 1_000_000_000)


def test_files_that_left_the_configuration_go_and_so_do_their_empty_folders(
    project: Project,
) -> None:
    project.build(
        output({"triage": "# t\n"}, others={"generated/docs/en/triage.md": "# t\n"})
    )
    project.build(output({"triage": "# t\n"}))
    assert "generated/docs" not in project.tree()


def test_a_folder_stays_while_somebody_has_something_in_it(project: Project) -> None:
    project.build(
        output({"triage": "# t\n"}, others={"generated/docs/triage.md": "# t\n"})
    )
    project.write("generated/docs/mine.md", "mine")
    project.build(output({"triage": "# t\n"}))
    assert project.read("generated/docs/mine.md") == "mine"
    assert "generated/docs/triage.md" not in project.tree()


def test_files_outside_generated_are_written_and_removed_too(project: Project) -> None:
    project.build(
        output({"triage": "# t\n"}, others={"Dockerfile": "FROM x\n", "k8s/a": "a\n"})
    )
    assert project.read("Dockerfile") == "FROM x\n"
    project.build(output({"triage": "# t\n"}, others={"Dockerfile": "FROM y\n"}))
    assert project.read("Dockerfile") == "FROM y\n"
    assert "k8s" not in project.tree()


def test_a_file_keeps_its_permissions(project: Project) -> None:
    project.build(ONE)
    for path in ("prefect.yaml", "generated/flows/triage.py"):
        (project.folder / path).chmod(0o640)
    project.build(TWO)
    for path in ("prefect.yaml", "generated/flows/triage.py"):
        assert (project.folder / path).stat().st_mode & 0o777 == 0o640


def test_a_checkout_with_windows_line_ends_is_unchanged(project: Project) -> None:
    project.build(ONE)
    for path in ("prefect.yaml", "generated/flows/triage.py", "generated/otac.lock"):
        project.write(path, project.read(path).replace("\n", "\r\n"))
    assert project.fresh() == ()
    assert project.actions(ONE) == {}
    project.build(TWO)
    assert project.read("generated/flows/triage.py") == "# triage 2\n"
    assert "\r" not in project.read("prefect.yaml")


def test_all_runners_may_go(project: Project) -> None:
    project.build(ONE)
    project.build(output({}, keys={"name": "helpdesk"}))
    assert project.read("prefect.yaml") == (
        "# Compiled by otac from config.yml. "
        "Edit the configuration, then run `otac build`.\n"
        "\n"
        "name: helpdesk\n"
        "\n"
        "deployments: []\n"
    )


def test_a_file_removed_by_hand_is_written_again(project: Project) -> None:
    project.build(ONE)
    (project.folder / "generated/flows/triage.py").unlink()
    (project.folder / "prefect.yaml").unlink()
    assert project.actions(ONE) == {
        "generated/flows/triage.py": "create",
        "prefect.yaml": "create",
    }
    project.build(ONE)
    assert project.read("prefect.yaml") == PREFECT_ONE


def test_a_name_cannot_leave_the_comment_it_stands_in(project: Project) -> None:
    strange = inputs().__class__("1", "c", "a\nb: ü.yml", ())
    project.build(ONE, strange)
    assert project.read("prefect.yaml").splitlines()[0] == (
        "# Compiled by otac from a\\nb: \\xfc.yml. "
        "Edit the configuration, then run `otac build`."
    )


def test_what_somebody_does_between_plan_and_apply_is_planned_for(
    project: Project,
) -> None:
    project.build(ONE)
    planned = project.plan(TWO)
    assert isinstance(planned, BuildPlan)
    text = project.read("prefect.yaml")
    project.write("prefect.yaml", f"{text}# a comment\nmine: 1\n")

    done = apply(planned)

    assert isinstance(done, BuildPlan)
    assert "# a comment\nmine: 1\n" in project.read("prefect.yaml")
    assert "name: escalate" in project.read("prefect.yaml")


def test_an_edit_between_plan_and_apply_stops_the_build(project: Project) -> None:
    project.build(ONE)
    planned = project.plan(TWO)
    assert isinstance(planned, BuildPlan)
    project.write("generated/flows/triage.py", "# by hand\n")
    before = project.tree()

    done = apply(planned)

    assert not isinstance(done, BuildPlan)
    assert [one.code for one in done] == ["OTC401"]
    assert project.tree() == before


@pytest.mark.parametrize("made_of", ["a folder elsewhere", "a folder within"])
def test_generated_may_be_a_link(project: Project, made_of: str) -> None:
    elsewhere = project.folder / "real"
    elsewhere.mkdir(parents=True)
    if made_of == "a folder elsewhere":
        (project.folder / "generated").symlink_to("real")
    else:
        (project.folder / "generated").mkdir()
        (project.folder / "generated/flows").symlink_to("../real")
    project.build(ONE)
    project.build(TWO)
    project.build(output({"escalate": "# escalate\n"}))
    assert (project.folder / "generated").is_dir()
    link = "generated" if made_of == "a folder elsewhere" else "generated/flows"
    assert (project.folder / link).is_symlink()
    assert project.read("generated/flows/escalate.py") == "# escalate\n"
    assert not (project.folder / "generated/flows/triage.py").exists()
    hidden = [path for path in project.tree() if "/." in f"/{path}"]
    assert hidden == []


def test_a_thousand_files_become_another_thousand(project: Project) -> None:
    project.build(output({f"r{i}": f"# {i}\n" for i in range(1000)}))
    changed = {f"r{i}": f"# {i + 1}\n" for i in range(1000)}
    project.build(output(changed))
    assert {
        name: project.read(f"generated/flows/{name}.py") for name in changed
    } == changed
    assert project.fresh() == ()
