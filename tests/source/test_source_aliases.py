"""Aliases and merge keys: what they bring in, and that both places are known."""

import pytest

from otac.source import read
from otac.source.document import Document, Mapping, Node, Scalar, Sequence


def root(text: str) -> Mapping:
    document = read("config.yml", text.encode())
    assert isinstance(document, Document), document
    assert isinstance(document.root, Mapping)
    return document.root


def at(node: Node, *path: str | int) -> Node:
    for step in path:
        if isinstance(node, Sequence):
            assert isinstance(step, int)
            node = node.items[step]
        else:
            assert isinstance(node, Mapping)
            assert isinstance(step, str)
            node = node.entries[step].value
    return node


def shown(text: str, node: Node) -> tuple[str, str | None]:
    """Where the node was written, and where the alias stands that brought it in."""
    via = node.via
    used = None if via is None else text[: via.start].count("\n") + 1
    where = text[: node.start].count("\n") + 1
    return f"{where}:{text[node.start : node.end]}", (
        None if via is None else f"{used}:{text[via.start : via.end]}"
    )


def test_an_alias_brings_in_a_copy_that_knows_both_places() -> None:
    text = "a: &a\n  b: [1, x]\nc: *a\nd: *a\n"
    tree = root(text)
    assert tree.plain() == {key: {"b": [1, "x"]} for key in "acd"}
    assert shown(text, at(tree, "a", "b")) == ("2:[1, x]", None)
    assert shown(text, at(tree, "c")) == ("2:b: [1, x]", "3:*a")
    assert shown(text, at(tree, "c", "b")) == ("2:[1, x]", "3:*a")
    assert shown(text, at(tree, "c", "b", 1)) == ("2:x", "3:*a")
    assert shown(text, at(tree, "d", "b", 1)) == ("2:x", "4:*a")
    copied = at(tree, "c")
    assert isinstance(copied, Mapping)
    assert copied.entries["b"].key.via == copied.via


def test_an_alias_inside_an_alias_shows_the_outer_use() -> None:
    text = "a: &a {x: 1}\nb: &b [*a]\nc: *b\n"
    tree = root(text)
    assert shown(text, at(tree, "b", 0, "x")) == ("1:1", "2:*a")
    assert shown(text, at(tree, "c", 0, "x")) == ("1:1", "3:*b")


def test_scalars_and_keys_as_aliases() -> None:
    text = "a: &a limit\n*a : &n 10\nb: [*a, *n]\n"
    tree = root(text)
    assert tree.plain() == {"a": "limit", "limit": 10, "b": ["limit", 10]}
    assert shown(text, tree.entries["limit"].key) == ("1:limit", "2:*a")
    assert shown(text, at(tree, "b", 1)) == ("2:10", "3:*n")


def test_an_anchor_may_be_given_again() -> None:
    assert root("a: &x 1\nb: *x\nc: &x 2\nd: *x\n").plain() == {
        "a": 1,
        "b": 1,
        "c": 2,
        "d": 2,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("m: {<<: *a, x: 9}", {"y": 2, "x": 9}),
        ("m: {x: 9, <<: *a}", {"x": 9, "y": 2}),
        ("m: {<<: [*a, *b]}", {"x": 1, "y": 2, "z": 4}),
        ("m: {<<: [*b, *a]}", {"x": 3, "z": 4, "y": 2}),
        ("m: {<<: [*b, {y: 5, w: 6}, *a]}", {"x": 3, "z": 4, "y": 5, "w": 6}),
        ("m: {<<: {v: 7}, x: 8}", {"v": 7, "x": 8}),
        ("m: {<<: *both}", {"x": 1, "y": 2, "z": 4}),
        ("m: {!!merge <<: *a}", {"x": 1, "y": 2}),
        ("m: {'<<': 1}", {"<<": 1}),
        ("m: {k: 0, <<: *a, l: 0}", {"k": 0, "x": 1, "y": 2, "l": 0}),
        ("m: {<<: []}", {}),
        ("m: &m {<<: *a}\nn: {<<: *m, y: 0}", {"x": 1, "y": 2}),
    ],
)
def test_merge_keys(text: str, expected: dict[str, int]) -> None:
    tree = root("a: &a {x: 1, y: 2}\nb: &b {x: 3, z: 4}\nboth: &both [*a, *b]\n" + text)
    merged = at(tree, "m").plain()
    assert merged == expected
    assert isinstance(merged, dict)
    assert list(merged) == list(expected)


def test_merged_entries_know_the_use() -> None:
    text = "a: &a {x: [1]}\nb:\n  <<: *a\n  y: 2\nc:\n  <<: [*a]\nd: {<<: {z: 3}}\n"
    tree = root(text)
    merged = at(tree, "b")
    assert isinstance(merged, Mapping)
    assert shown(text, merged.entries["x"].key) == ("1:x", "3:*a")
    assert shown(text, at(merged, "x", 0)) == ("1:1", "3:*a")
    assert shown(text, at(merged, "y")) == ("4:2", None)
    assert merged.via is None
    assert shown(text, at(tree, "c", "x")) == ("1:[1]", "6:*a")
    assert shown(text, at(tree, "d", "z")) == ("7:3", None)


def test_a_merge_takes_what_the_anchored_mapping_merged_itself() -> None:
    text = "a: &a {x: 1}\nb: &b\n  <<: *a\n  y: *a\nc:\n  <<: *b\n"
    tree = root(text)
    assert at(tree, "c").plain() == {"x": 1, "y": {"x": 1}}
    assert shown(text, at(tree, "c", "x")) == ("1:1", "6:*b")
    assert isinstance(at(tree, "c", "y", "x"), Scalar)
