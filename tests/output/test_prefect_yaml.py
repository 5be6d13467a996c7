"""Our deployments in a `prefect.yaml` that others write in too."""

from collections.abc import Callable
from textwrap import dedent, indent

import pytest
from output_project import Project, deployment, output

from otac.emit.layout import Output
from otac.source.document import Json

LABEL = (
    "# Compiled by otac from config.yml. Edit the configuration, then run `otac build`."
)
STEP: list[Json] = [{"acme.pull": {"folder": "x"}}]


def ours(*deployments: dict[str, Json], **keys: Json) -> Output:
    return output({}, *deployments, keys=keys)


A = deployment("a")
B = deployment("b")
NOTHING = Output(ours(A).artifacts, ours(A).deployments.__class__({}, ()))


def built(project: Project, text: str, *outputs: Output, force: bool = False) -> str:
    """The file after building each of the outputs, one after the other."""
    project.write("prefect.yaml", text)
    for one in outputs:
        project.build(one, force=force)
    return project.read("prefect.yaml")


APPENDED = f"""\
  {LABEL}
  - name: a
    entrypoint: generated/flows/a.py:a
"""


def indented(text: str, columns: int) -> str:
    """The lines of a text further to the right."""
    return indent(text, " " * columns)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "# mine\ndeployments:\n  - name: mine # mine\n",
            f"# mine\ndeployments:\n  - name: mine # mine\n{APPENDED}",
            id="behind the last deployment",
        ),
        pytest.param(
            "deployments:\n- name: mine\n# end\n",
            f"deployments:\n- name: mine\n{dedent(APPENDED)}# end\n",
            id="in a list that does not stand in",
        ),
        pytest.param(
            "deployments:\n     - name: mine\n",
            "deployments:\n     - name: mine\n" + indented(APPENDED, 3),
            id="in a list that stands in far",
        ),
        pytest.param(
            "deployments:\n  - name: mine\n\n    # tags: [x]\n  # next\n\n# end\npull: []\n",
            "deployments:\n  - name: mine\n\n    # tags: [x]\n  # next\n"
            f"{APPENDED}\n# end\npull: []\n",
            id="behind comments that belong to the list",
        ),
        pytest.param(
            "deployments: []\n", f"deployments:\n{APPENDED}", id="an empty list"
        ),
        pytest.param(
            "deployments: [ ] # none\nname: x\n",
            f"deployments: # none\n{APPENDED}name: x\n",
            id="an empty list with a comment",
        ),
        pytest.param(
            "deployments:\n  []\nname: x\n",
            f"deployments:\n{APPENDED}name: x\n",
            id="an empty list on a line of its own",
        ),
        pytest.param(
            "deployments:\n# none yet\nname: x\n",
            f"deployments:\n{APPENDED}# none yet\nname: x\n",
            id="no value",
        ),
        pytest.param(
            "deployments: null # none\n",
            f"deployments: # none\n{APPENDED}",
            id="null",
        ),
        pytest.param("name: x\n", f"name: x\ndeployments:\n{APPENDED}", id="no key"),
        pytest.param(
            "name: x\n# end",
            f"name: x\n# end\ndeployments:\n{APPENDED}",
            id="no line end",
        ),
        pytest.param(
            "---\n# c\n...\n",
            f"---\n# c\ndeployments:\n{APPENDED}...\n",
            id="comments between document marks",
        ),
        pytest.param(
            "%YAML 1.1\n---\nname: x\n...\n# end\n",
            f"%YAML 1.1\n---\nname: x\ndeployments:\n{APPENDED}...\n# end\n",
            id="document marks",
        ),
        pytest.param(
            "  name: x\n",
            "  name: x\n  deployments:\n" + indented(APPENDED, 2),
            id="a root that stands in",
        ),
        pytest.param(
            "\ufeffname: x\r\ndeployments:\r\n  - name: mine\r\n",
            "\ufeffname: x\r\ndeployments:\r\n  - name: mine\r\n"
            + APPENDED.replace("\n", "\r\n"),
            id="a byte order mark and Windows line ends",
        ),
        pytest.param(
            "deployments:\n  - name: mine\n    description: |+\n      text\n\n\n",
            "deployments:\n  - name: mine\n    description: |+\n      text\n\n\n"
            + APPENDED,
            id="text whose line ends count",
        ),
        pytest.param(
            "x: &x {a: 1}\ndeployments:\n  -\n    # mine\n    <<: *x\n    name: mine\n  - *x\n",
            "x: &x {a: 1}\ndeployments:\n  -\n    # mine\n    <<: *x\n    name: mine\n  - *x\n"
            + APPENDED,
            id="anchors, aliases and lone dashes",
        ),
        pytest.param(
            "ü: 🎫\ndeployments: &all\n  - {name: mine}\nz: *all\n",
            f"ü: 🎫\ndeployments: &all\n  - {{name: mine}}\n{APPENDED}z: *all\n",
            id="characters of several bytes and an anchor on the list",
        ),
        pytest.param(
            "\n \n",
            f"{LABEL}\n\ndeployments:\n" + APPENDED.split("\n", 1)[1],
            id="nothing but blank lines",
        ),
    ],
)
def test_a_deployment_is_added(project: Project, before: str, after: str) -> None:
    assert built(project, before, ours(A)) == after
    assert project.actions(ours(A)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "# mine\ndeployments:\n  - name: mine # mine\n\n# end\n",
        "deployments:\n- name: mine\n  # deep\n# end\nname: x\n",
        "\ufeffdeployments:\r\n  - name: mine\r\n\r\n# end\r\n",
        "deployments:\n  - name: mine\n    text: >-\n      a\n\n      b\nz: 1\n",
    ],
)
def test_what_is_added_goes_again_without_a_trace(project: Project, text: str) -> None:
    assert built(project, text, ours(A), ours(A, B), NOTHING) == text


WHOLE = f"""\
{LABEL}

pull:
  - acme.pull:
      folder: x

deployments:
  - name: a
    entrypoint: generated/flows/a.py:a

  - name: b
    entrypoint: generated/flows/b.py:b
"""


def test_a_file_of_otacs_alone_is_written_from_end_to_end(project: Project) -> None:
    project.build(ours(A, B, pull=STEP))
    assert project.read("prefect.yaml") == WHOLE
    project.build(ours(B, A, pull=STEP))
    a, b = (WHOLE.split("deployments:\n")[1].split("\n\n")[i].rstrip() for i in (0, 1))
    assert project.read("prefect.yaml").endswith(f"deployments:\n{b}\n\n{a}\n")
    project.build(ours(A, B, pull=STEP))
    assert project.read("prefect.yaml") == WHOLE


def test_pieces_are_replaced_and_cut_in_place(project: Project) -> None:
    project.build(ours(A, B, name="p", pull=STEP))
    text = project.read("prefect.yaml").replace("  - name: b", "  # mine\n  - name: b")
    project.write("prefect.yaml", f"{text}  # mine too\n  - name: mine\n")
    changed = deployment("b", tags=["x"])
    project.build(ours(changed, deployment("c"), pull=[{"acme.pull": {"folder": "z"}}]))
    assert (
        project.read("prefect.yaml")
        == f"""\
{LABEL}


pull:
  - acme.pull:
      folder: z

deployments:

  # mine
  - name: b
    entrypoint: generated/flows/b.py:b
    tags:
      - x
  # mine too
  - name: mine
  {LABEL}
  - name: c
    entrypoint: generated/flows/c.py:c
"""
    )


def test_the_comment_above_a_piece_is_renewed_with_it(project: Project) -> None:
    text = built(project, "x: 1\n", ours(A))
    project.write("prefect.yaml", text.replace("config.yml", "old.yml"))
    assert project.actions(ours(A)) == {}
    project.build(ours(deployment("a", tags=["x"])))
    assert project.read("prefect.yaml") == (
        f"x: 1\ndeployments:\n{APPENDED}    tags:\n      - x\n"
    )


def test_the_last_deployment_leaves_an_empty_list(project: Project) -> None:
    text = "deployments: # mine\n  # mine\nname: x\n"
    assert built(project, text, ours(A), NOTHING) == (
        "deployments: [] # mine\n  # mine\nname: x\n"
    )


def test_a_formatter_may_go_over_the_file(project: Project) -> None:
    project.build(ours(A, B, pull=STEP))
    formatted = """\
pull: [{acme.pull: {folder: 'x'}}]
deployments:
- {entrypoint: "generated/flows/a.py:a", name: a}
- name:   'b'
  entrypoint: >-
    generated/flows/b.py:b
"""
    project.write("prefect.yaml", formatted)
    assert project.actions(ours(A, B, pull=STEP)) == {}
    project.build(ours(deployment("a", tags=["x"]), pull=STEP))
    assert (
        project.read("prefect.yaml")
        == """\
pull: [{acme.pull: {folder: 'x'}}]
deployments:
- name: a
  entrypoint: generated/flows/a.py:a
  tags:
    - x
"""
    )


def test_steps_of_otacs_do_not_reach_deployments_of_others(project: Project) -> None:
    assert built(
        project, "deployments:\n  - name: mine\n", ours(A, name="p", pull=STEP)
    ) == (
        f"deployments:\n  - name: mine\n{APPENDED}"
        "    pull:\n      - acme.pull:\n          folder: x\n"
        f"{LABEL}\nname: p\n"
    )


def test_keys_of_the_users_stay_and_ours_are_told_to_each_deployment(
    project: Project,
) -> None:
    text = "name: mine\npull:\n  - git.clone: {}\nbuild: null\n"
    own = deployment("b", build=None)
    new = ours(A, own, name="p", pull=STEP, build=STEP)
    assert built(project, text, new) == (
        f"{text}deployments:\n{APPENDED}"
        "    build:\n      - acme.pull:\n          folder: x\n"
        "    pull:\n      - acme.pull:\n          folder: x\n"
        f"  {LABEL}\n  - name: b\n    entrypoint: generated/flows/b.py:b\n"
        "    build: null\n    pull:\n      - acme.pull:\n          folder: x\n"
    )
    assert project.actions(new) == {}


def test_a_key_of_the_users_that_says_the_same_is_enough(project: Project) -> None:
    text = "pull: [acme.pull: {folder: x}]\n"
    assert built(project, text, ours(A, pull=STEP)) == (
        f"{text}deployments:\n{APPENDED}"
    )


def test_build_and_push_steps_of_others_are_kept_away_from_ours(
    project: Project,
) -> None:
    text = "build: [acme.build: {id: b}]\npush: [acme.push: {}]\n"
    assert built(project, text, ours(A, pull=STEP)) == (
        f"{text}deployments:\n{APPENDED}"
        "    build: []\n    push:\n      - {}\n"
        "    pull:\n      - acme.pull:\n          folder: x\n"
    )


def test_what_ours_ask_for_is_still_built(project: Project) -> None:
    text = "build: [acme.build: {id: b}]\npush: [acme.push: {}]\n"
    pull: list[Json] = [{"acme.pull": {"folder": "/x/{{ b.image }}"}}]
    assert built(project, text, ours(A, pull=pull)) == (
        f"{text}deployments:\n{APPENDED}"
        "    push:\n      - {}\n"
        '    pull:\n      - acme.pull:\n          folder: "/x/{{ b.image }}"\n'
    )


def test_the_name_goes_with_the_last_deployment(project: Project) -> None:
    text = "deployments:\n  - name: mine\n"
    assert f"{LABEL}\nname: p\n" in built(project, text, ours(A, name="p"))
    project.build(ours(name="p"))
    assert project.read("prefect.yaml") == text
    # One of the user's stays.
    project.write("prefect.yaml", f"name: theirs\n{text}")
    project.build(ours(A, name="p"))
    project.build(ours(name="p"))
    assert project.read("prefect.yaml") == f"name: theirs\n{text}"


def test_a_deployment_of_the_same_data_is_taken_over(project: Project) -> None:
    text = "deployments:\n  - {name: a, entrypoint: 'generated/flows/a.py:a'}\n"
    assert built(project, text, ours(A)) == text
    project.build(ours(deployment("a", tags=["x"])))
    assert "tags:\n      - x\n" in project.read("prefect.yaml")


TWICE = "deployment `a` stands there twice, and Prefect takes the last one"
BRACKETS = "`deployments` is written in brackets, not one `-` an item"
ROOT = "it is not a mapping in block style, one `key: value` a line"


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        (
            "a: [\n",
            406,
            "expected the node content, but found '<stream end>': line 2, column 1",
        ),
        (
            "a: 1\n\tb: 2\n",
            406,
            "found character '\\t' that cannot start any token: line 2, column 1",
        ),
        ("a: *b\n", 406, "`*b` has no anchor: line 1, column 4"),
        ("a: 1\n---\nb: 1\n", 406, "a second document begins: line 2, column 1"),
        (
            "a: 1\nb: \x07\n",
            406,
            "special characters are not allowed: line 2, column 4",
        ),
        ("a: 1\nb: \udcff\n", 406, "it is not UTF-8: line 2"),
        ("\ufeff\ufeff", 406, "a second byte order mark: line 1, column 1"),
        ("- a\n", 407, ROOT),
        ("{name: x}\n", 407, ROOT),
        ("text\n", 407, ROOT),
        ("deployments: [{name: mine}]\n", 407, BRACKETS),
        ("deployments: [ # mine\n]\n", 407, BRACKETS),
        ("deployments: mine\n", 407, "`deployments` is not a list"),
        ("deployments: {name: mine}\n", 407, "`deployments` is not a list"),
        ("x: &x []\ndeployments: *x\n", 407, "`deployments` is not a list"),
        (
            "deployments: []\ndeployments: []\n",
            407,
            "`deployments` stands there twice, and Prefect takes the last one",
        ),
        ("deployments:\n  - name: a\n  - name: a\n", 407, TWICE),
        (
            "x: &x {name: y}\n<<: *x\n",
            407,
            "a merge key `<<` at the root may bring in the same keys",
        ),
        ("a: |\n  text", 407, "its last line has no line end"),
    ],
)
def test_a_file_that_cannot_be_changed_is_refused(
    project: Project, text: str, code: int, reason: str
) -> None:
    path = project.folder / "prefect.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode(errors="surrogateescape"))
    opening = {
        406: "OTC406 `prefect.yaml` cannot be read, neither by otac nor by Prefect: ",
        407: "OTC407 `prefect.yaml` cannot be changed in place: ",
    }
    assert project.refused(ours(A)) == [opening[code] + reason]
    assert project.refused(ours(A), force=True) == [opening[code] + reason]


def test_a_file_that_need_not_be_changed_may_have_any_form(project: Project) -> None:
    text = "deployments: [{name: a, entrypoint: 'generated/flows/a.py:a'}]\n"
    project.write("prefect.yaml", text)
    assert project.refused(ours(A)) == [
        (
            "OTC404 deployment `a` stands in `prefect.yaml` already, "
            "and otac did not write it"
        )
    ]
    assert built(project, "deployments: {}\n", NOTHING) == "deployments: {}\n"


EDITS: dict[str, Callable[[str], str]] = {
    "another value": lambda text: text.replace("flows/a.py:a", "flows/a.py:b"),
    "a key more": lambda text: text.replace("- name: a\n", "- name: a\n    tags: []\n"),
    "a comment behind a value": lambda text: text.replace(
        "name: a\n", "name: a # me\n"
    ),
    "a comment between": lambda text: text.replace("name: a\n", "name: a\n    # me\n"),
    "a date": lambda text: text.replace(
        "name: a\n", "name: a\n    version: 2026-01-01\n"
    ),
    "an alias": lambda text: (
        "x: &x 1\n" + text.replace("- name: a\n", "- name: a\n    version: *x\n")
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_deployment_is_not_overwritten(project: Project, edit: str) -> None:
    project.build(ours(A, B))
    text = EDITS[edit](project.read("prefect.yaml"))
    assert text != project.read("prefect.yaml")
    project.write("prefect.yaml", text)
    changed = ours(deployment("a", tags=["x"]), B)
    message = "OTC405 deployment `a` was edited by hand in `prefect.yaml`"
    assert project.refused(changed) == [message]
    assert project.refused(ours(B)) == [
        f"{message} and is no longer in the configuration"
    ]
    project.build(changed, force=True)
    assert (
        "  - name: a\n    entrypoint: generated/flows/a.py:a\n    tags:\n      - x\n"
        in project.read("prefect.yaml")
    )


def test_an_edited_key_is_not_overwritten(project: Project) -> None:
    project.build(ours(A, pull=STEP))
    text = project.read("prefect.yaml").replace("folder: x", "folder: mine")
    project.write("prefect.yaml", text)
    message = "OTC405 `pull` was edited by hand in `prefect.yaml`"
    assert project.refused(ours(A, pull=STEP)) == [message]
    assert project.refused(ours(A)) == [
        f"{message} and is no longer in the configuration"
    ]
    project.build(ours(A, pull=STEP), force=True)
    assert "folder: x\n" in project.read("prefect.yaml")


def test_an_anchor_in_a_deployment_of_otacs_is_not_cut_off(project: Project) -> None:
    project.build(ours(A))
    text = project.read("prefect.yaml").replace("name: a", "name: &n a")
    project.write("prefect.yaml", f"{text}x: *n\n")
    assert project.actions(ours(A)) == {}
    for changed in (ours(B), ours(deployment("a", tags=["x"]))):
        assert project.refused(changed) == [
            (
                "OTC407 `prefect.yaml` cannot be changed in place: "
                "deployment `a` holds the anchor `&n`"
            )
        ]


def test_a_deployment_without_a_name_of_its_own_is_somebodys(project: Project) -> None:
    text = (
        "x: &x {name: a}\n"
        "deployments:\n"
        "  - <<: *x\n"
        "  - name: *x\n"
        "  - name: null\n"
        "  - a\n"
        "  -\n"
        "  - *x\n"
    )
    assert built(project, text, ours(A)) == text + APPENDED
    assert built(project, text + APPENDED, NOTHING) == text


def test_an_edit_by_hand_that_otac_would_make_is_none(project: Project) -> None:
    project.build(ours(A))
    text = project.read("prefect.yaml") + "    tags: [x]\n"
    project.write("prefect.yaml", text)
    project.build(ours(deployment("a", tags=["x"])))
    assert project.read("prefect.yaml") == text
