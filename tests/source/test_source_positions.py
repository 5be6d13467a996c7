"""Every node knows the characters that it was read from."""

import pytest

from otac.source import read
from otac.source.document import Document, Mapping, Node, Scalar, Sequence


def document(text: str | bytes) -> Document:
    data = text.encode() if isinstance(text, str) else text
    outcome = read("config.yml", data)
    assert isinstance(outcome, Document), outcome
    return outcome


def outline(node: Node, text: str) -> object:
    """The tree with the source text of each node in place of its value."""
    written = text[node.start : node.end]
    match node:
        case Scalar():
            return written
        case Sequence():
            return written, [outline(item, text) for item in node.items]
        case Mapping():
            return written, {
                text[entry.key.start : entry.key.end]: outline(entry.value, text)
                for entry in node
            }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain # comment\n", "plain"),
        ("a:  'x'  \n", ("a:  'x'", {"a": "'x'"})),
        (
            "a: [1, {b: c}]  # d\n",
            ("a: [1, {b: c}]", {"a": ("[1, {b: c}]", ["1", ("{b: c}", {"b": "c"})])}),
        ),
        (
            # A block ends with its last value, not where the next thing starts.
            "a:\n  b: 1\n\n  # comment\nc: 2\n",
            ("a:\n  b: 1\n\n  # comment\nc: 2", {"a": ("b: 1", {"b": "1"}), "c": "2"}),
        ),
        (
            "- |\n  x\n\n- >+\n  y\n\n# end\n",
            ("- |\n  x\n\n- >+\n  y", ["|\n  x", ">+\n  y"]),
        ),
        ("- a\n  b\n- \n- ''\n", ("- a\n  b\n- \n- ''", ["a\n  b", "", "''"])),
        # Anchor and tag do not belong to the value.
        ("&a !!str x", "x"),
        ("!!str &a 'x'", "'x'"),
        ("a: &b # why\n  c: 1\n", ("a: &b # why\n  c: 1", {"a": ("c: 1", {"c": "1"})})),
        ("&a\n- &b [1]\n", ("- &b [1]", [("[1]", ["1"])])),
        ("&a:b", ":b"),
        ("? &k key\n: &v |\n x\n", ("? &k key\n: &v |\n x", {"key": "|\n x"})),
        ("[a: b]", ("[a: b]", [("a: b", {"a": "b"})])),
        ("- &a\n- !!null\n", ("- &a\n- !!null", ["", ""])),
        ("日: 😀 x\n", ("日: 😀 x", {"日": "😀 x"})),
    ],
)
def test_positions(text: str, expected: object) -> None:
    read_in = document(text)
    assert outline(read_in.root, read_in.text) == expected


def test_offsets_count_code_points_of_the_normalised_text() -> None:
    read_in = document("\ufeff😀: 1\r\nb: 2\rc: 3\r\n".encode())
    assert read_in.text == "😀: 1\nb: 2\nc: 3\n"
    assert isinstance(read_in.root, Mapping)
    entry = read_in.root.entries["c"]
    assert entry.key.span == (10, 11, None)
    assert read_in.place(entry.key.start) == (3, 1)
    assert read_in.place(entry.value.end) == (3, 5)
    assert read_in.place(len(read_in.text)) == (4, 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_names_the_encoding(encoding: str) -> None:
    read_in = document("ä: ö\r\n".encode(encoding))
    assert read_in.root.plain() == {"ä": "ö"}
    assert read_in.text == "ä: ö\n"


def test_a_second_byte_order_mark_shifts_nothing() -> None:
    read_in = document("\ufeff\ufeffa: b".encode())
    assert outline(read_in.root, read_in.text) == ("a: b", {"a": "b"})
