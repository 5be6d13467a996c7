"""`fresh`, `drift` and `diff`: what a build would do, without doing it."""

import subprocess
import sys
from dataclasses import replace

import pytest
from output_project import Project, inputs, output

from otac.diagnostics.diagnostic import Label, error, note, warning
from otac.output.diff import diff
from otac.output.lock import Inputs, digest
from otac.output.plan import BuildPlan, drift
from otac.source.document import Span

ONE = output({"triage": "# triage 1\nprint(1)\n"})
TWO = output({"triage": "# triage 2\nprint(1)\n", "escalate": "# escalate\n"})
FLOW = "generated/flows/triage.py"


def planned(project: Project, built: object) -> BuildPlan:
    plan = project.plan(built)  # type: ignore[arg-type]
    assert isinstance(plan, BuildPlan), plan
    return plan


def test_a_build_is_fresh_after_itself(project: Project) -> None:
    assert project.fresh() is None
    project.build(ONE)
    assert project.fresh() == ()


@pytest.mark.parametrize(
    ("path", "word"),
    [
        (FLOW, "print"),
        ("generated/flows/__init__.py", "flows"),
        ("prefect.yaml", "helpdesk"),
        ("generated/otac.lock", "config.yml"),
    ],
)
def test_nothing_is_fresh_with_a_file_changed_or_missing(
    project: Project, path: str, word: str
) -> None:
    project.build(ONE)
    text = project.read(path)
    project.write(path, text.replace(word, "another"))
    assert project.fresh() is None
    (project.folder / path).unlink()
    assert project.fresh() is None
    project.write(path, text)
    assert project.fresh() == ()


@pytest.mark.parametrize(
    "other",
    [
        inputs(config="2"),
        inputs(otac="0.2.0"),
        inputs(compiler="c2"),
        replace(inputs(), source="other.yml"),
        replace(inputs(), files=(*inputs().files, ("otac.components.json", "1"))),
    ],
)
def test_nothing_is_fresh_for_other_inputs(project: Project, other: Inputs) -> None:
    project.build(ONE)
    assert project.fresh(other) is None


def test_the_order_of_the_inputs_says_nothing(project: Project) -> None:
    files = (("config.yml", "1"), ("a.json", "2"))
    project.build(ONE, replace(inputs(), files=files))
    assert project.fresh(replace(inputs(), files=files[::-1])) == ()


def test_diagnostics_come_back_as_they_were(project: Project) -> None:
    found = (
        warning(
            "OTC901",
            '`ü` → \u202e and "quotes"',
            Span(3, 7, Span(10, 12, Span(20, 22))),
            "here",
            help="type `x`",
            suggestion="",
            labels=(Label(Span(0, 1), "one"), Label(Span(1, 2, Span(5, 6)), "")),
        ),
        note("OTC902", "a store next to the configuration"),
        error("OTC903", "elsewhere", file="prefect.yaml"),
    )
    project.build(ONE, None, *found)
    assert project.fresh() == found


def test_the_short_cut_needs_neither_yaml_nor_jinja(project: Project) -> None:
    project.build(ONE)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from otac.output.lock import Inputs, fresh\n"
        "inputs = Inputs('0.1.0', 'c1', 'config.yml', (('config.yml', '1'),))\n"
        f"assert fresh(Path({str(project.folder)!r}), inputs) == ()\n"
        "print({'yaml', 'jinja2', 'difflib', 'ctypes', 'shutil', 'tempfile'}"
        " & sys.modules.keys())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_an_upgrade_that_changes_no_output_changes_no_file(project: Project) -> None:
    project.build(ONE)
    assert project.actions(ONE, inputs(otac="0.2.0", compiler="c2")) == {}


def test_an_upgrade_is_noted_with_the_next_change(project: Project) -> None:
    project.build(ONE)
    project.build(TWO, inputs(otac="0.2.0"))
    assert '"otac": "0.2.0"' in project.read("generated/otac.lock")
    assert project.fresh(inputs(otac="0.2.0")) == ()


def test_a_comment_in_the_configuration_changes_the_lock_alone(
    project: Project,
) -> None:
    project.build(ONE)
    assert project.actions(ONE, inputs(config="2")) == {"generated/otac.lock": "update"}


def test_what_users_do_to_their_part_of_prefect_yaml_is_no_drift(
    project: Project,
) -> None:
    project.build(ONE)
    project.write("prefect.yaml", project.read("prefect.yaml") + "  - name: mine\n")
    assert drift(planned(project, ONE)) == ()


def test_digests_know_no_windows_line_ends() -> None:
    assert digest(b"a\r\nb\r\n") == digest(b"a\nb\n")
    assert digest(b"a\n") != digest(b"a\r")
    assert digest(b"") == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


def test_drift_names_every_file_that_a_build_would_change(project: Project) -> None:
    project.build(ONE)
    (project.folder / "generated/flows/__init__.py").unlink()
    before = project.tree()
    found = drift(planned(project, output({"escalate": "# escalate\n"})))
    assert [(one.code, one.file, one.message) for one in found] == [
        ("OTC408", path, f"`{path}` {what}")
        for path, what in (
            ("generated/flows/__init__.py", "is missing"),
            ("generated/flows/escalate.py", "is missing"),
            (FLOW, "is no longer in `config.yml`"),
            ("generated/otac.lock", "is not what `config.yml` compiles to"),
            ("prefect.yaml", "is not what `config.yml` compiles to"),
        )
    ]
    assert {one.help for one in found} == {"run `otac build config.yml`"}
    assert project.tree() == before


def test_a_diff_shows_each_change_and_no_time(project: Project) -> None:
    project.build(ONE)
    text = diff(planned(project, TWO))
    shown = text.split("--- a/generated/otac.lock")[0]
    assert shown == (
        "--- /dev/null\n"
        "+++ b/generated/flows/escalate.py\n"
        "@@ -0,0 +1 @@\n"
        "+# escalate\n"
        "--- a/generated/flows/triage.py\n"
        "+++ b/generated/flows/triage.py\n"
        "@@ -1,2 +1,2 @@\n"
        "-# triage 1\n"
        "+# triage 2\n"
        " print(1)\n"
    )
    assert text.split("+++ b/prefect.yaml\n")[1] == (
        "@@ -9,3 +9,6 @@\n"
        " deployments:\n"
        "   - name: triage\n"
        "     entrypoint: generated/flows/triage.py:triage\n"
        "+\n"
        "+  - name: escalate\n"
        "+    entrypoint: generated/flows/escalate.py:escalate\n"
    )


def test_a_diff_shows_what_goes(project: Project) -> None:
    project.build(TWO)
    gone = output({"triage": "# triage 2\nprint(1)\n"})
    assert diff(planned(project, gone)).startswith(
        "--- a/generated/flows/escalate.py\n"
        "+++ /dev/null\n"
        "@@ -1 +0,0 @@\n"
        "-# escalate\n"
        "--- a/generated/otac.lock\n"
    )


def test_a_diff_tells_a_missing_line_end_and_no_windows_line_ends(
    project: Project,
) -> None:
    project.write(FLOW, "# old\r\nprint(1)\r\n\x0c\r\nlast")
    plan = project.plan(ONE, force=True)
    assert isinstance(plan, BuildPlan)
    assert (
        "--- a/generated/flows/triage.py\n"
        "+++ b/generated/flows/triage.py\n"
        "@@ -1,4 +1,2 @@\n"
        "-# old\n"
        "+# triage 1\n"
        " print(1)\n"
        "-\x0c\n"
        "-last\n"
        "\\ No newline at end of file\n"
    ) in diff(plan)


def test_nothing_to_change_is_an_empty_diff(project: Project) -> None:
    project.build(ONE)
    assert diff(planned(project, ONE)) == ""


def test_colours_are_around_lines_and_change_nothing_else(project: Project) -> None:
    project.build(ONE)
    plan = planned(project, TWO)
    coloured = diff(plan, colour=True)
    assert "\x1b[31m-# triage 1\x1b[0m\n\x1b[32m+# triage 2\x1b[0m\n" in coloured
    assert "\x1b[1m--- /dev/null\x1b[0m\n" in coloured
    assert "\x1b[36m@@ -0,0 +1 @@\x1b[0m\n" in coloured
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[36m"):
        coloured = coloured.replace(code, "")
    assert coloured == diff(plan)
