"""Files that are YAML, or not even text, and still no configuration."""

import gc
import time
import tracemalloc

import pytest
from mistakes_found import described, found

from otac.source import read
from otac.source.document import Document


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", ["OTC101 1:1 [] the file is empty"]),
        (" \n\n", ["OTC101 1:1 [] the file is empty"]),
        ("# a: 1\n", ["OTC101 1:1 [] the file holds only comments"]),
        ("---\n", ["OTC101 1:1 [] the file holds only comments"]),
        (
            b"a: 1\nb: f\xfcr\n",
            ["OTC102 2:5 [\ufffd] the file is not UTF-8: byte 0xfc starts no "],
        ),
        (
            "\ufeffa: b".encode("utf-16-le") + b"\x00\xd8",
            ["OTC102 1:5 [\ufffd] the file starts as UTF-16 and does not go on so"],
        ),
        ("a: b\0\n", ["OTC103 1:5 [\0] null character U+0000 in the text"]),
        (
            "a: 1\nb: \x1b[31m\n",
            ["OTC103 2:4 [\x1b] control character U+001B in the text"],
        ),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            ["OTC103 2:1 [\x1a] control character U+001A in the text"],
        ),
        (
            "a: 1\nb: 1\na: 2\nb: 2\na: 3\n",
            [
                "OTC105 3:1 [a] key `a` is given twice",
                "OTC105 4:1 [b] key `b` is given twice",
                "OTC105 5:1 [a] key `a` is given twice",
            ],
        ),
        ("{1: a, '1': b}", ["OTC105 1:8 ['1'] key `1` is given twice"]),
        (
            "a: &a {x: 1}\nb: {<<: *a, <<: *a}",
            ["OTC105 2:13 [<<] key `<<` is given twice"],
        ),
        ("a: *b\n", ["OTC106 1:4 [*b] alias `*b` has no anchor"]),
        (
            "a: *b\nb: &b 1",
            ["OTC106 1:4 [*b] alias `*b` comes before its anchor"],
        ),
        (
            "a: &a [1, *a]\nb: &b {c: *b}",
            [
                "OTC107 1:11 [*a] alias `*a` is inside the value it names",
                "OTC107 2:11 [*b] alias `*b` is inside the value it names",
            ],
        ),
        (
            "a: &a 1\nb: {<<: *a}\nc: {<<: [*a]}\nd: {<<: x}",
            [
                "OTC110 2:9 [*a] `<<` merges mappings, and this is a single value",
                "OTC110 3:9 [[*a]] `<<` merges mappings, and this is a list of other things",
                "OTC110 4:9 [x] `<<` merges mappings, and this is a single value",
            ],
        ),
        # What could not be made out once is not complained about again.
        ("b: {<<: *a}\n*c : 1\n*c : 2", ["OTC106", "OTC106", "OTC106"]),
        (
            "a: 1\n---\nb: 1\n",
            ["OTC111 2:1 [---] the file holds more than one YAML document"],
        ),
        (
            "a: 1\n...\nb: 1\n",
            ["OTC111 3:1 [b:] the file holds more than one YAML document"],
        ),
        (
            "[a, b]: 1\n{c: 1}: 2\n? {[d]: 1}\n: 3\n",
            [
                "OTC112 1:1 [[a, b]] a key must be text",
                "OTC112 2:1 [{c: 1}] a key must be text",
                "OTC112 3:3 [{[d]: 1}] a key must be text",
            ],
        ),
        (
            "a: !secret x\nb: !!binary aGk=\nc: &c !<tag:x.org,2000:y> {}\nd: [!e , 1]",
            [
                "OTC113 1:4 [!secret] tag `!secret` is unknown",
                "OTC113 2:4 [!!binary] tag `!!binary` is unknown",
                "OTC113 3:7 [!<tag:x.org,2000:y>] tag `tag:x.org,2000:y` is unknown",
                "OTC113 4:5 [!e] tag `!e` is unknown",
            ],
        ),
        (
            "a: !!int x\nb: !!bool yes\nc: !!map [1]\nd: !!seq {x: 1}\ne: !!str [1]",
            [
                "OTC114 1:4 [!!int] `x` is not what tag `!!int` says",
                "OTC114 2:4 [!!bool] `yes` is not what tag `!!bool` says",
                "OTC114 3:4 [!!map] a list is not what tag `!!map` says",
                "OTC114 4:4 [!!seq] a mapping is not what tag `!!seq` says",
                "OTC114 5:4 [!!str] a list is not what tag `!!str` says",
            ],
        ),
        (
            "a: {{ x }}\nb: [{{ y }}, z]\nc: {{ 'it' }} # why",
            [
                "OTC115 1:4 [{{ x }}] a template must be in quotes",
                "OTC115 2:5 [{{ y }}] a template must be in quotes",
                "OTC115 3:4 [{{ 'it' }}] a template must be in quotes",
            ],
        ),
    ],
)
def test_mistakes(data: str | bytes, expected: list[str]) -> None:
    lines = described(data)
    shortened = [
        line[: len(short)] for line, short in zip(lines, expected, strict=True)
    ]
    assert shortened == expected


def test_mistakes_of_all_kinds_are_reported_together() -> None:
    text = "a: 1\na: *b\nc: {<<: 3}\nd: !e {{ f }}\n"
    codes = [line.split()[0] for line in described(text)]
    assert codes == ["OTC105", "OTC106", "OTC110", "OTC113", "OTC115"]


def test_after_a_syntax_error_nothing_else_is_reported() -> None:
    assert described("a: 1\na: *b\nc: 'x\n") == [
        "OTC123 3:4 ['] a quote is never closed"
    ]


@pytest.mark.parametrize(
    ("data", "help"),
    [
        (b"a: f\xfcr", "save the file as UTF-8; it looks like Windows-1252, where this byte is `ü`"),
        (b"a: f\x81r", "save the file as UTF-8"),
        ("a: b\nc: d\n".encode("utf-16-le"), "this looks like UTF-16; save the file as UTF-8"),
        ("a: \0", "a configuration is a text file; is this the right file?"),
        ("a: \x07", "remove it; inside double quotes it can be written as `\\x07`"),
        ("a: &fetch 1\nb: *fetsch", "did you mean `*fetch`?"),
        (
            "cron: *daily",
            'mark a value with `&daily` further up, or quote the text: `"*daily"`',
        ),
        ("a: {<<: {}, <<: {}}", "merge several mappings with a list: `<<: [*a, *b]`"),
    ],
)  # fmt: skip
def test_help(data: str | bytes, help: str) -> None:
    assert [diagnostic.help for diagnostic in found(data)] == [help]


def test_labels_show_the_other_place() -> None:
    text = (
        "a: &fetch 1\na: 2\nb: *fetsch\nc: &c [*c]\nd: {<<: *fetch}\ne: *f\nf: &f 1\n"
    )
    labels = [
        (label.text, text[label.span.start : label.span.end])
        for diagnostic in found(text)
        for label in diagnostic.labels
    ]
    assert labels == [
        ("first given here", "a"),
        ("an anchor with a similar name", "&fetch"),
        ("the value starts here", "&c"),
        ("what the alias names", "1"),
        ("the anchor", "&f"),
    ]


def test_the_first_of_two_equal_keys_is_the_first_place() -> None:
    second, third = found("a: 1\na: 2\na: 3\n")
    assert [second.labels[0].span, third.labels[0].span] == [(0, 1, None)] * 2


# Bounds


def laughs(levels: int, width: int) -> str:
    """Aliases of aliases: `width` to the power of `levels` values in a few lines."""
    lines = ["a0: &a0 [" + ", ".join(["x"] * width) + "]"]
    for level in range(1, levels):
        inner = ", ".join([f"*a{level - 1}"] * width)
        lines.append(f"a{level}: &a{level} [{inner}]")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        laughs(9, 9),
        laughs(40, 10),
        # The same by merging: the mapping doubles on each line.
        "a0: &a0 {x: [1, 2, 3]}\n"
        + "\n".join(
            f"a{n}: &a{n} {{l: *a{n - 1}, r: *a{n - 1}}}" for n in range(1, 40)
        ),
    ],
)
def test_a_billion_laughs_cost_nothing(text: str) -> None:
    tracemalloc.start()
    started = time.process_time()
    lines = described(text)
    spent = time.process_time() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [line.split()[0] for line in lines] == ["OTC108"]
    assert spent < 0.5
    assert peak < 2_000_000


def test_a_million_values_may_come_in_through_aliases_and_not_one_more() -> None:
    # The list is one value, its items the others.
    rest = "b: [" + ", ".join(["*a"] * 1000) + "]\n"
    most = "a: &a [" + ", ".join(["x"] * 999) + "]\n" + rest
    assert isinstance(read("config.yml", most.encode()), Document)
    assert described(most + "c: *a\n") == [
        "OTC108 3:4 [*a] aliases expand to more than 1,000,000 values"
    ]


def test_values_written_out_are_not_bounded() -> None:
    text = "- [" + "1," * 1_100_000 + "]"
    assert isinstance(read("config.yml", text.encode()), Document)


@pytest.mark.parametrize("before", ["", "x: ", "x:\n  - "])
@pytest.mark.parametrize("opening", ["[", "{a: ", "[{a: ", "[\n"])
@pytest.mark.parametrize("levels", [999, 1000, 1005, 3000])
def test_a_thousand_levels_are_told_as_a_hundred_and_one_are(
    before: str, opening: str, levels: int
) -> None:
    """Newer versions of libyaml stop at a thousand, before they tell of the first."""
    (line,) = described(before + opening * levels)
    assert line.startswith("OTC109 ")
    assert line.endswith("values are nested more than 100 levels deep")


@pytest.mark.parametrize(
    ("opening", "inner", "closing"),
    [("[", "", "]"), ("{a: ", "1", "}"), ("- ", "1", ""), ("a:\n", "1", "")],
)
def test_a_hundred_levels_are_the_deepest(
    opening: str, inner: str, closing: str
) -> None:
    def nested(levels: int) -> bytes:
        if opening == "a:\n":
            lines = [f"{' ' * level}a:" for level in range(levels)]
            return "\n".join([*lines, f"{' ' * levels}1"]).encode()
        return (opening * levels + inner + closing * levels).encode()

    assert isinstance(read("config.yml", nested(100)), Document)
    (line,) = described(nested(101))
    assert line.startswith("OTC109")
    assert line.endswith("values are nested more than 100 levels deep")


def test_aliases_count_as_levels() -> None:
    def chain(levels: int) -> str:
        lines = ["- &a1 [x]"]
        lines += [f"- &a{n} [*a{n - 1}]" for n in range(2, levels + 1)]
        return "\n".join(lines)

    assert isinstance(read("config.yml", chain(99).encode()), Document)
    assert described(chain(100)) == [
        "OTC109 100:10 [*a99] values are nested more than 100 levels deep"
    ]


@pytest.mark.parametrize(
    "brackets", ["[" * 1_000_000, "[{a: " * 200_000, "- " * 500_000]
)
def test_depth_costs_nothing(brackets: str) -> None:
    started = time.process_time()
    assert described(brackets)[0].startswith("OTC109")
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_left_as_it_was(was_on: bool) -> None:
    try:
        (gc.enable if was_on else gc.disable)()
        for text in ("a: 1", "a: 'x", "a: *b"):
            read("config.yml", text.encode())
            assert gc.isenabled() is was_on
    finally:
        gc.enable()
