"""What a build refuses to touch, and what `force` allows."""

import pytest
from output_project import Project, deployment, inputs, output

ONE = output({"triage": "# triage 1\n"})
TWO = output({"triage": "# triage 2\n"})
NONE = output({}, deployment("triage"))
FLOW = "generated/flows/triage.py"


def test_an_edited_file_is_not_overwritten(project: Project) -> None:
    project.build(ONE)
    project.write(FLOW, "# by hand\n")
    assert project.refused(TWO) == [f"OTC401 `{FLOW}` was edited by hand"]


def test_an_edited_file_is_not_put_back_either(project: Project) -> None:
    project.build(ONE)
    project.write(FLOW, "# by hand\n")
    assert project.refused(ONE) == [f"OTC401 `{FLOW}` was edited by hand"]


def test_an_edit_that_otac_would_make_too_is_none(project: Project) -> None:
    project.build(ONE)
    project.write(FLOW, "# triage 2\n")
    assert project.actions(TWO) == {"generated/otac.lock": "update"}


def test_an_edited_file_that_left_the_configuration_is_not_removed(
    project: Project,
) -> None:
    project.build(ONE)
    project.write(FLOW, "# by hand\n")
    assert project.refused(NONE) == [
        f"OTC401 `{FLOW}` was edited by hand and is no longer in the configuration"
    ]


def test_a_file_that_otac_did_not_write_is_not_overwritten(project: Project) -> None:
    project.write(FLOW, "# mine\n")
    assert project.refused(ONE) == [
        f"OTC402 `{FLOW}` exists already, and otac did not write it"
    ]


def test_the_same_text_from_somebody_else_is_taken_over(project: Project) -> None:
    project.write(FLOW, "# triage 1\n")
    project.build(ONE)
    project.build(TWO)
    assert project.read(FLOW) == "# triage 2\n"


def test_everything_is_reported_in_one_go(project: Project) -> None:
    project.build(output({"a": "# a\n", "b": "# b\n"}))
    project.write("generated/flows/a.py", "# by hand\n")
    project.write("generated/flows/b.py", "# by hand\n")
    project.write("generated/flows/c.py", "# mine\n")
    text = project.read("prefect.yaml").replace("flows/a.py:a", "flows/x.py:x")
    project.write("prefect.yaml", f"{text}  - name: c\n")
    found = project.refused(output({"a": "# 2\n", "c": "# c\n"}))
    assert found == [
        "OTC401 `generated/flows/a.py` was edited by hand",
        (
            "OTC401 `generated/flows/b.py` was edited by hand "
            "and is no longer in the configuration"
        ),
        "OTC402 `generated/flows/c.py` exists already, and otac did not write it",
        "OTC405 deployment `a` was edited by hand in `prefect.yaml`",
        (
            "OTC404 deployment `c` stands in `prefect.yaml` already, "
            "and otac did not write it"
        ),
    ]


def test_force_overwrites_and_removes(project: Project) -> None:
    project.build(output({"a": "# a\n", "b": "# b\n"}))
    for name in "abc":
        project.write(f"generated/flows/{name}.py", "# by hand\n")
    text = project.read("prefect.yaml").replace("flows/a.py:a", "flows/x.py:x")
    project.write("prefect.yaml", f"{text}  - name: c\n    mine: 1\n  - name: d\n")
    project.build(output({"a": "# 2\n", "c": "# c\n"}), force=True)
    assert project.read("generated/flows/a.py") == "# 2\n"
    assert project.read("generated/flows/c.py") == "# c\n"
    assert not (project.folder / "generated/flows/b.py").exists()
    assert project.read("prefect.yaml").endswith(
        """\
deployments:
  - name: a
    entrypoint: generated/flows/a.py:a

  - name: c
    entrypoint: generated/flows/c.py:c
  - name: d
"""
    )
    assert project.fresh() == ()


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_in_the_way_is_never_removed(project: Project, force: bool) -> None:
    project.write(f"{FLOW}/notes.txt", "mine")
    assert project.refused(ONE, force) == [
        f"OTC402 `{FLOW}` is a folder, and otac has to write a file of that name"
    ]


def test_a_file_of_otacs_that_is_a_folder_now_is_nobodys_to_remove(
    project: Project,
) -> None:
    project.build(ONE)
    (project.folder / FLOW).unlink()
    project.write(f"{FLOW}/notes.txt", "mine")
    project.build(NONE)
    assert project.read(f"{FLOW}/notes.txt") == "mine"


def test_a_link_is_nothing_that_otac_wrote(project: Project) -> None:
    project.build(ONE)
    project.write("elsewhere.py", "# triage 1\n")
    (project.folder / FLOW).unlink()
    (project.folder / FLOW).symlink_to("../../elsewhere.py")
    assert project.actions(ONE) == {}
    assert project.refused(TWO) == [f"OTC401 `{FLOW}` was edited by hand"]
    project.build(TWO, force=True)
    assert project.read("elsewhere.py") == "# triage 1\n"
    assert project.read(FLOW) == "# triage 2\n"
    assert not (project.folder / FLOW).is_symlink()


def test_prefect_yaml_may_be_a_link_as_long_as_nothing_changes(
    project: Project,
) -> None:
    project.build(ONE)
    (project.folder / "prefect.yaml").rename(project.folder / "shared.yaml")
    (project.folder / "prefect.yaml").symlink_to("shared.yaml")
    more = output({"triage": "# triage 1\n", "more": "# more\n"})
    assert project.actions(ONE) == {}
    assert project.refused(more) == [
        (
            "OTC402 `prefect.yaml` is a symbolic link, "
            "and otac writes no files through links"
        )
    ]
    project.build(more, force=True)
    assert "name: more" not in project.read("shared.yaml")
    assert "name: more" in project.read("prefect.yaml")


@pytest.mark.parametrize(
    ("lock", "reason"),
    [
        ("<<<<<<< HEAD\n{}\n", "it is not JSON: line 1, column 1"),
        ('{"format": 2}', "its format is 2, this otac reads 1"),
        ('{"format": 1}', "a key is missing"),
        ("[]", "a value is of the wrong kind"),
        ("null", "a value is of the wrong kind"),
        ("\udcff", "it is not UTF-8"),
    ],
)
def test_a_lock_that_cannot_be_read_stops_the_build(
    project: Project, lock: str, reason: str
) -> None:
    project.build(ONE)
    path = project.folder / "generated/otac.lock"
    path.write_bytes(lock.encode(errors="surrogateescape"))
    assert project.fresh() is None
    assert project.refused(TWO) == [
        f"OTC403 `generated/otac.lock` cannot be used: {reason}"
    ]
    project.build(TWO, force=True)
    assert project.fresh() == ()


@pytest.mark.parametrize(
    "path", ["../mine", "/etc/mine", "generated/../../mine", "c:mine", "a\\mine", ""]
)
def test_a_lock_cannot_have_files_removed_elsewhere(
    project: Project, path: str
) -> None:
    project.build(ONE)
    lock = project.read("generated/otac.lock")
    hostile = lock.replace(f'"{FLOW}"', f'"{path}"'.replace("\\", "\\\\"))
    project.write("generated/otac.lock", hostile)
    assert project.refused(NONE) == [
        (
            "OTC403 `generated/otac.lock` cannot be used: "
            f"it lists `{path}`, which is outside the output folder"
        )
    ]


def test_without_a_lock_only_what_differs_is_refused(project: Project) -> None:
    project.build(output({"a": "# a\n", "b": "# b\n"}))
    (project.folder / "generated/otac.lock").unlink()
    assert project.refused(output({"a": "# a\n", "b": "# 2\n"})) == [
        "OTC402 `generated/flows/b.py` exists already, and otac did not write it"
    ]


def test_help_says_what_to_type(project: Project) -> None:
    project.build(ONE)
    project.write(FLOW, "# by hand\n")
    planned = project.plan(TWO, inputs())
    assert isinstance(planned, tuple)
    assert planned[0].file == FLOW
    assert planned[0].help == (
        "move the change into the configuration, "
        "or run `otac build --force` to overwrite it"
    )
