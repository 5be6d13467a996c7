"""Every character of a scalar is found again in the file."""

import pytest
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from otac.source import read
from otac.source.document import Document, Mapping, Node, Scalar, Sequence
from otac.source.scalar_position import position, subspan

# Without the line breaks of YAML 1.1, which the tool takes for such.
CHARACTERS = st.sampled_from(
    [*"ab:#-,'\"\\{}[]|> \n\té日😀\x07\xa0\ufeff", " ", "\n", "'", "x"]
)
TEXTS = st.lists(CHARACTERS, max_size=40).map("".join)
STYLES = st.sampled_from([None, "'", '"', "|", ">"])


def scalars(node: Node) -> list[Scalar]:
    match node:
        case Scalar():
            return [node]
        case Sequence():
            return [inner for item in node.items for inner in scalars(item)]
        case Mapping():
            return [inner for entry in node for inner in scalars(entry.value)]


def stands_for(written: str, character: str, style: str) -> bool:
    """Whether these characters of the file mean that character of a scalar."""
    if written == character:
        return True
    if written == "\n":
        # A folded line break, or in a double-quoted text the break behind a backslash.
        return character == " " and style != "|"
    if written == "''":
        return (character, style) == ("'", "'")
    return style == '"' and yaml.safe_load(f'"{written}"') == character


def check(document: Document, scalar: Scalar) -> None:
    text, size = scalar.text, len(scalar.text)
    last = scalar.start
    for index, character in enumerate(text):
        span = subspan(document, scalar, index, index + 1)
        written = document.text[span.start : span.end]
        assert position(document, scalar, index) == span.start
        assert stands_for(written, character, scalar.style), (index, written)
        # In order, without overlap.
        assert last <= span.start < span.end
        last = span.end
    if size:
        whole = subspan(document, scalar, 0, size)
        assert whole.start == position(document, scalar, 0)
        assert whole.end == last == position(document, scalar, size)
        # The last line break of a block that is kept lies behind what was trimmed.
        assert last <= scalar.end or scalar.style in ("|", ">")


@settings(max_examples=500, deadline=None)
@given(TEXTS, STYLES, st.integers(5, 40), st.booleans())
@example(" a\n b", "|", 40, False)
@example("a b  c\n\n d\ne", ">", 5, True)
@example("\n\n  a\n\n b\n\n", ">", 5, True)
@example("   ", "|", 40, True)
@example("it's '' a\nb", "'", 5, True)
def test_texts_as_a_tool_writes_them(
    text: str, style: str | None, width: int, nested: bool
) -> None:
    data = {"a": [{"b": text}, 1]} if nested else {"b": text}
    written = yaml.dump(data, default_style=style, width=width, allow_unicode=True)
    document = read("config.yml", written.encode())
    assert isinstance(document, Document), written
    node = next(scalar for scalar in scalars(document.root) if scalar.text == text)
    check(document, node)


@settings(
    max_examples=1500,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],
)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "a",
                    "é",
                    " ",
                    "  ",
                    "\t",
                    "\n",
                    "\n  ",
                    "\n\n",
                    "''",
                    "'",
                    "#",
                    "x:",
                ),
                *("\\\n", "\\n", "\\x41", "\\u2028", "\\U0001F600", '\\"', "\\\\"),
                *("\\ ", "\\t"),
            ]
        ),
        max_size=12,
    ).map("".join),
    st.sampled_from(["", "'", '"']),
)
@example("a  \\\n   b", '"')
@example("a \n\n \t b", '"')
@example("a\\\n\n\n  b", '"')
@example("  \n  ", "'")
def test_texts_as_people_fold_them(content: str, quote: str) -> None:
    document = read("config.yml", f"a:\n  - {quote}{content}{quote}\n".encode())
    assume(isinstance(document, Document))
    assert isinstance(document, Document)
    for scalar in scalars(document.root):
        if scalar.style == quote:
            check(document, scalar)


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(["|", ">"]),
    st.sampled_from(["", "-", "+", "2", "3-", "+1"]),
    st.sampled_from(["", " # why"]),
    st.lists(
        st.sampled_from(
            ["   x", "   y z ", "", "  ", "     deeper", "   \ttab", "    "]
        ),
        max_size=7,
    ),
    st.booleans(),
)
@example("|", "+", "", ["   x", "", "  "], True)
@example(">", "3-", "", ["    ", "   x"], True)
@example(">", "2", "", ["     ", "    "], False)
def test_blocks_as_people_write_them(
    style: str, indicators: str, comment: str, lines: list[str], more: bool
) -> None:
    block = "\n".join([f"a: {style}{indicators}{comment}", *lines])
    document = read("config.yml", (block + "\nb: 1" * more).encode())
    assume(isinstance(document, Document))
    assert isinstance(document, Document)
    assert isinstance(document.root, Mapping)
    scalar = document.root.entries["a"].value
    assert isinstance(scalar, Scalar)
    check(document, scalar)


def test_examples_to_the_character() -> None:
    text = (
        "a: &x !!str 'it''s\n"
        "     folded'\n"
        'b: "C:\\\\ \\u00e9\\\n'
        '   end"\n'
        "c: >2-\n"
        "    indented\n"
        "  one\n"
        "  two\n"
        "d: *x\n"
    )
    document = read("config.yml", text.encode())
    assert isinstance(document, Document)
    a, b, c, d = scalars(document.root)

    def at(scalar: Scalar, part: str) -> tuple[str, tuple[int, int]]:
        start = scalar.text.index(part)
        span = subspan(document, scalar, start, start + len(part))
        return text[span.start : span.end], document.place(span.start)

    assert at(a, "it's") == ("it''s", (1, 14))
    assert at(a, "folded") == ("folded", (2, 6))
    assert at(a, "s folded") == ("s\n     folded", (1, 18))
    assert at(b, "\\ é") == ("\\\\ \\u00e9", (3, 7))
    assert at(b, "éend") == ("\\u00e9\\\n   end", (3, 10))
    assert at(c, "  indented") == ("  indented", (6, 3))
    assert at(c, "one two") == ("one\n  two", (7, 3))
    assert at(d, "folded") == ("folded", (2, 6))
    assert subspan(document, d, 0, 1).via == d.via is not None
    assert position(document, a, 0) == text.index("it''s")
    assert position(document, a, len(a.text)) == text.index("folded'") + len("folded")


@pytest.mark.parametrize(
    ("text", "offset"), [("a: ''", 4), ('a: "\\\n  "', 4), ("a:", 2), ("a: |\n\n", 3)]
)
def test_an_empty_scalar_has_a_place(text: str, offset: int) -> None:
    document = read("config.yml", text.encode())
    assert isinstance(document, Document)
    (scalar,) = scalars(document.root)
    assert scalar.text == ""
    assert position(document, scalar, 0) == offset


def test_an_index_outside_is_the_nearest_inside() -> None:
    document = read("config.yml", b"a: 'xy'")
    assert isinstance(document, Document)
    (scalar,) = scalars(document.root)
    assert subspan(document, scalar, -5, 99) == (4, 6, None)
    assert subspan(document, scalar, 9, 1) == (6, 6, None)
