"""No bytes make the reader raise, and it always says something about a place.

Where it returns a tree, that is the tree which PyYAML's own loader sees.
"""

from functools import partial
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from otac.diagnostics import concise, full, json_format
from otac.diagnostics.report import Report
from otac.source import read, reader
from otac.source.document import Document, Mapping, Node, Scalar, Sequence
from otac.source.events import parse
from otac.source.source_text import SourceText

CASES = Path(__file__).parents[1] / "cases"
SEEDS = [
    path.read_text("utf-8", "replace")
    for path in sorted(CASES.glob("*/config.yml"))[::6]
] + [
    "a: &x {b: [1, 'two', \"three\\n\"]}\nc: {<<: *x, d: |\n  text\n}\n",
    "- &a !!str 1\n- *a\n- ? [k]\n  : v\n- >-\n  folded\n   more\n\n  end\n",
]
# What YAML gives a meaning to, and what lies at the edges of an encoding.
PIECES = st.sampled_from(
    [
        *" \t\n-?:,[]{}#&*!|>'\"%@`\\~<=.0aé\0\x07\x85\u2028\ufeff\ud7ff\U0001f600",
        *("{{", "}}", "<<: ", "&a ", "*a", "!!int ", "---\n", "...\n", "\\u12", "  "),
    ]
)

# Line breaks to PyYAML and YAML 1.1, and nothing special to YAML 1.2.
OLD_BREAKS = {"\x85", "\u2028", "\u2029"}


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A configuration in which a few places were replaced by something else."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 5)))
        text = text[:start] + "".join(draw(st.lists(PIECES, max_size=4))) + text[end:]
    return text


def nodes(node: Node) -> list[Node]:
    if isinstance(node, Sequence):
        return [node, *(inner for item in node.items for inner in nodes(item))]
    if isinstance(node, Mapping):
        inside = [inner for entry in node for part in entry for inner in nodes(part)]
        return [node, *inside]
    return [node]


def texts(node: Node) -> object:
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [texts(item) for item in node.items]
        case Mapping():
            return {key.text: texts(value) for key, value in node}


def check(data: bytes, in_c: bool = True) -> None:
    source = SourceText.decode("config.yml", data)
    size = len(source.text)
    outcome = read("config.yml", data)
    if isinstance(outcome, Document):
        assert outcome.text == source.text
        # PyYAML merges and compares anchors in its own way.
        if not set(outcome.text) & {*OLD_BREAKS, "<", "&"}:
            loader = yaml.CBaseLoader if in_c else yaml.BaseLoader
            assert texts(outcome.root) == yaml.load(outcome.text, loader)
        for node in nodes(outcome.root):
            assert 0 <= node.start <= node.end <= size
            if isinstance(node, Scalar) and node.style:
                assert outcome.text[node.start] == node.style
        return
    assert outcome
    for found in outcome:
        spans = [found.span, *(label.span for label in found.labels)]
        for span in spans:
            assert span is not None
            assert 0 <= span.start <= span.end <= size
    report = Report(source, outcome)
    for text in (full.render(report, width=40), concise.render(report)):
        assert text.encode().endswith(b"\n")
    assert json_format.render(report)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=120))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b"a: \xe2\x82")
@example(b"\r\n\r")
@example(b"a: " + b"9" * 5000)
def test_any_bytes(data: bytes) -> None:
    check(data)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_of_special_characters(text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_configurations_with_mistakes(text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp037"])
def test_other_encodings(encoding: str) -> None:
    check("a: b\nc: é\n".encode(encoding))


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(text=mutated())
def test_the_parser_in_python(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "parse", partial(parse, in_c=False))
    check(text.encode("utf-8", "surrogatepass"), in_c=False)
