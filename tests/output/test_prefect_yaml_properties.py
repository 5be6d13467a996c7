"""Whatever users write in `prefect.yaml`, every byte of it stays."""

from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from output_project import deployment

from otac.emit.layout import DeploymentFile
from otac.output.prefect_file import Merged, merge

SETTINGS = settings(max_examples=400, deadline=None)

comments = st.sampled_from(
    ["# mine", "#", "# - name: a", "#deployments: []", "# ü 🎫", "# Compiled by me"]
)
values = st.sampled_from(
    [
        "x",
        "",
        "~",
        "null",
        "'it''s'",
        '"two\\n\\\n  lines"',
        "&here 1",
        "2026-01-01",
        "[a, {b: c}, 'd # e']",
        "{a: 1, # inside\n   b: [2,\n   3]}",
        "|\n  text\n\n  # text\n",
        "|-\n    text\n     deep\n",
        "|+\n  text\n\n\n",
        ">-\n  folded\n  text\n",
        "plain\n  over lines",
        "\n  - a\n  -   b: c\n      d: e\n  # deep\n  -\n    f\n",
        "\n  a:\n    b:\n\n      c: 1 # here\n      # deep\n",
        "!!str 1",
    ]
)


def shifted(text: str, columns: int) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *(" " * columns + line if line else "" for line in rest)])


@st.composite
def fillings(draw: st.DrawFn, columns: int) -> str:
    """Blank lines and comments, as deep as a neighbour's or deeper."""
    lines = draw(st.lists(st.one_of(st.just(""), comments), max_size=2))
    depth = columns + draw(st.sampled_from([0, 0, 2, 5]))
    return "".join(f"{' ' * depth}{line}\n" if line else "\n" for line in lines)


@st.composite
def entries(draw: st.DrawFn, key: str, columns: int) -> str:
    """One `key: value` with its line end, a comment behind it where one may stand."""
    value = shifted(draw(values), columns)
    text = f"{key}:{'' if value.startswith(chr(10)) else ' '}{value}"
    if not text.endswith("\n"):
        plain = "\n" not in text
        text += draw(st.sampled_from(["\n", "  \n", " # mine\n"] if plain else ["\n"]))
    return text


@st.composite
def items(draw: st.DrawFn, number: int, columns: int) -> str:
    """An item of `deployments`, in one of the ways to write it."""
    pad = " " * columns
    way = draw(st.sampled_from(["block", "lone dash", "flow", "scalar", "null"]))
    match way:
        case "flow":
            return f"{pad}- {{name: mine{number}, tags: [a]}}\n"
        case "scalar":
            return f"{pad}-  mine\n"
        case "null":
            return f"{pad}-\n"
    inner = columns + draw(st.sampled_from([2, 4]))
    text = f"{' ' * inner}name: mine{number}\n"
    for key in draw(st.lists(st.sampled_from("pqr"), unique=True, max_size=2)):
        text += draw(fillings(inner)) + " " * inner + draw(entries(key, inner))
    if way == "lone dash":
        return f"{pad}-{draw(st.sampled_from(['', ' # mine']))}\n{text}"
    return f"{pad}-{' ' * (inner - columns - 1)}{text[inner:]}"


@st.composite
def files(draw: st.DrawFn) -> str:
    """A `prefect.yaml` of somebody's."""
    text = draw(st.sampled_from(["", "---\n", "# top\n---\n", "%YAML 1.1\n---\n"]))
    text += draw(fillings(0))
    keys = draw(st.permutations(["name", "pull", "x", "y", "deployments"]))
    for key in keys[: draw(st.integers(0, 5))]:
        if key != "deployments":
            text += draw(entries(key, 0))
        else:
            columns = draw(st.sampled_from([0, 2, 3]))
            text += draw(st.sampled_from(["deployments:\n", "deployments: # mine\n"]))
            for number in range(draw(st.integers(1, 3))):
                text += draw(fillings(columns)) + draw(items(number, columns))
        text += draw(fillings(0))
    text += draw(st.sampled_from(["", "", "...\n", "# end\n"]))
    if draw(st.booleans()):
        text = text.rstrip("\n") + draw(st.sampled_from(["", "\n"]))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return draw(st.sampled_from(["", "\ufeff"])) + text


names = st.sampled_from(["a", "b", "c", "yes", "1"])
deployments = st.lists(
    st.builds(
        lambda name, text: deployment(name, description=text),
        names,
        st.sampled_from(["x", "a\nb\n", "# no comment", "{{ a }}", "", "ü\r\n"]),
    ),
    unique_by=lambda one: str(one["name"]),
    max_size=4,
)
roots = st.fixed_dictionaries(
    {"name": st.just("p")},
    optional={"pull": st.sampled_from([[{"a.b": {}}], [{"c.d": {}}]])},
)
outputs = st.builds(
    lambda keys, entries: DeploymentFile(keys, tuple(entries)), roots, deployments
)


class _Broken:
    """What Prefect makes of a file that it cannot read."""


def readable(text: str) -> Any:
    """The data as Prefect reads it."""
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return _Broken


def is_within(lines: list[str], all_lines: list[str]) -> bool:
    """Whether the lines stand among the others, in the same order."""
    rest = iter(all_lines)
    return all(line in rest for line in lines)


def users(data: Any, ours: set[str]) -> tuple[dict[str, Any], list[Any]]:
    """The user's part of the data: keys, and deployments that are not ours."""
    keys = {key: value for key, value in (data or {}).items() if key != "deployments"}
    mine = [
        one
        for one in (data or {}).get("deployments") or []
        if not (isinstance(one, dict) and one.get("name") in ours)
    ]
    return keys, mine


@SETTINGS
@given(files(), outputs, outputs)
def test_every_byte_of_others_stays(
    text: str, first: DeploymentFile, second: DeploymentFile
) -> None:
    before = readable(text)
    merged = merge(text.encode(), first, None, "config.yml", force=False)
    if not isinstance(merged, Merged):
        # A last line without an end can be text that an end would change.
        assert before is _Broken or not text.endswith("\n")
        return
    if not text.strip("\ufeff \r\n") or before is _Broken:
        return
    assert_kept(text, before, first, merged)

    again = merge(merged.content, second, merged.shared, "config.yml", force=False)
    if not isinstance(again, Merged):
        assert not text.endswith("\n")
        return
    assert_kept(text, before, second, again)


def assert_kept(text: str, before: Any, ours: DeploymentFile, merged: Merged) -> None:
    after = merged.content.decode()
    data = yaml.safe_load(after) or {}
    deployed = {str(one["name"]): one for one in ours.deployments}
    standing = {
        one["name"]: one
        for one in data.get("deployments") or []
        if isinstance(one, dict) and one.get("name") in deployed
    }
    assert {name: standing[name] | deployed[name] for name in deployed} == standing
    for one in standing.values():
        assert "pull" not in ours.keys or (
            one.get("pull", data.get("pull")) == ours.keys["pull"]
        )
    keys, mine = users(data, set(deployed))
    old_keys, old_mine = users(before, set())
    assert repr(mine) == repr(old_mine)
    assert repr({key: keys[key] for key in old_keys}) == repr(old_keys)
    assert keys.keys() - old_keys.keys() <= {"name"}

    # An empty list or null may have become a list, and the last line may have got an end.
    kept = [line for line in text.split("\n") if not line.startswith("deployments:")]
    last = kept.pop() if kept else ""
    ends = [[]] if last == "" else [[last], [f"{last}\r"]]
    assert any(is_within(kept + end, after.split("\n")) for end in ends)


@SETTINGS
@given(files(), outputs)
def test_what_is_added_goes_again_without_a_trace(
    text: str, ours: DeploymentFile
) -> None:
    before = readable(text)
    if not isinstance(before, dict) or not before.get("deployments"):
        return
    merged = merge(text.encode(), ours, None, "config.yml", force=False)
    if not isinstance(merged, Merged):
        return
    gone = DeploymentFile({}, ())
    again = merge(merged.content, gone, merged.shared, "config.yml", force=False)
    assert isinstance(again, Merged)
    line_end = "\r\n" if "\r\n" in text.split("\n")[0] + "\n" else "\n"
    restored = again.content.decode()
    assert restored == text or restored == text + line_end


@SETTINGS
@given(st.text(), outputs)
def test_no_text_makes_it_raise(text: str, ours: DeploymentFile) -> None:
    content = text.encode(errors="replace")
    merged = merge(content, ours, None, "config.yml", force=False)
    if isinstance(merged, Merged):
        if readable(text) is not _Broken:
            after = readable(merged.content.decode())
            assert after is not _Broken
            # Blank text stays as it is where nothing is to be written.
            assert after or not ours.deployments
    else:
        assert {one.code for one in merged} <= {"OTC404", "OTC406", "OTC407"}


yaml_soup = st.lists(
    st.sampled_from(
        [
            "a: ",
            "b: ",
            "- ",
            "-",
            "deployments:",
            "name: a",
            "name: b",
            " ",
            "  ",
            "\n",
            "\n",
            "\n",
            "'",
            '"',
            "[",
            "]",
            "{",
            "}",
            ",",
            "#",
            "&x ",
            "*x",
            ">",
            "!t ",
            "? ",
            ": ",
            "---\n",
            "...\n",
            "\r\n",
            "\t",
            "<<: ",
            "~",
            "\ufeff",
            "\u2028",
            "\x85",
            "é",
        ]
    ),
    max_size=30,
).map("".join)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("&x \r\na: *x", "`*x` stands for the whole file"),
        ("&all\nname: x\nb: [1, {c: *all}]\n", "`*all` stands for the whole file"),
    ],
)
def test_what_an_alias_stands_for_is_not_changed(text: str, named: str) -> None:
    ours = DeploymentFile({"name": "x"}, (deployment("z"),))
    merged = merge(text.encode(), ours, None, "config.yml", force=False)
    assert not isinstance(merged, Merged)
    (found,) = merged
    assert found.code == "OTC407"
    assert named in found.message


@settings(max_examples=1500, deadline=None)
@example("&x \r\na: *x", DeploymentFile({"name": "x"}, (deployment("z"),)))
@given(yaml_soup, outputs)
def test_no_yaml_makes_it_say_something_else(text: str, ours: DeploymentFile) -> None:
    before = readable(text)
    merged = merge(text.encode(), ours, None, "config.yml", force=False)
    if not isinstance(merged, Merged):
        assert {one.code for one in merged} <= {"OTC404", "OTC406", "OTC407"}
        return
    if merged.shared.whole or before is _Broken:
        return
    after = yaml.safe_load(merged.content.decode())
    deployed = {str(one["name"]) for one in ours.deployments}
    keys, mine = users(after, deployed)
    old_keys, old_mine = users(before, deployed)
    assert repr(mine) == repr(old_mine)
    assert repr({key: keys[key] for key in old_keys}) == repr(old_keys)
