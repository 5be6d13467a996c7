"""A text that was read in part has the tree of one that was read as a whole."""

import random
from collections import Counter
from typing import Any

import pytest
from edits import edited, texts

from otac import source
from otac.lsp import latest
from otac.lsp.latest import Latest
from otac.lsp.outline import outline
from otac.lsp.tree import spot
from otac.source.document import Document, Mapping, Node, Scalar
from otac.source.items import read_whole
from otac.source.source_text import normalised

LAYOUTS = [*texts(1)]
# Where a runner may stand for another's nodes, all of it is read anew.
WHOLE = {"anchors in runners"}


def all_of(node: Node) -> Any:
    """Everything that a tree says, places included."""
    if isinstance(node, Scalar):
        return node.value, node.text, node.style, node.span
    if isinstance(node, Mapping):
        inside = [(all_of(entry.key), all_of(entry.value)) for entry in node]
        return "mapping", node.span, inside
    return "sequence", node.span, [all_of(item) for item in node.items]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_after_any_edits(layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wholes: list[str] = []
    monkeypatch.setattr(
        latest, "read_whole", lambda text: wholes.append(text) or read_whole(text)
    )
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(60):
        chance = random.Random(f"{layout} {seed}")
        tree = Latest("config.yml")
        text = normalised(texts(chance.randrange(1, 4))[layout])
        assert tree.at(text) is not None
        sound = text
        for _ in range(10):
            text = edited(chance, sound if chance.random() < 0.7 else text)
            wholes.clear()
            found = tree.at(text)
            how = "whole" if wholes else "in part"
            expected = source.read("config.yml", text.encode())
            assert (found is not None) == isinstance(expected, Document), text
            if found is None or not isinstance(expected, Document):
                seen["refused", how] += 1
                continue
            assert found.document.text == text
            at = chance.randrange(len(text) + 1)
            found.settle_at(at)
            there, wanted = spot(found.document.root, at), spot(expected.root, at)
            assert there.path == wanted.path, text
            assert there.node.span == wanted.node.span, text
            found.settle()
            assert all_of(found.document.root) == all_of(expected.root), text
            places = [
                (one.path, one.step.path, one.node.span, one.runner)
                for one in found.outline.steps
            ]
            assert places == [
                (one.path, one.step.path, one.node.span, one.runner)
                for one in outline(expected).steps
            ]
            seen["read", how] += 1
            sound = text
    assert seen["read", "in part"] + seen["read", "whole"] > 100
    assert seen["refused", "in part"] + seen["refused", "whole"] > 100
    if layout not in WHOLE:
        # Otherwise this would compare the same with the same.
        assert seen["read", "in part"] > 4 * seen["read", "whole"]
        assert seen["refused", "in part"] > 2 * seen["refused", "whole"]


def test_after_a_bug_all_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = texts(3)["plain"]
    tree = Latest("config.yml")
    tree.at(text)
    with monkeypatch.context() as patched:
        patched.setattr(latest, "outline", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            tree.at(text.replace("Queue 0", "Queue zero"))
    found, expected = tree.at(text), source.read("config.yml", text.encode())
    assert found is not None
    assert isinstance(expected, Document)
    assert all_of(found.document.root) == all_of(expected.root)
