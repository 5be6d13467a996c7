"""Syntax errors: what an administrator reads instead of the parser's words.

Each is stated for both of PyYAML's parsers, the one in C and the one that stands in for
it where there is no wheel.
"""

from functools import partial

import pytest
from mistakes_found import described, found

from otac.source import read, reader
from otac.source.document import Document
from otac.source.events import parse

# Text, the finding, the words at the caret, the help.
MISTAKES = [
    (
        "text: {{ foo }} bar\n",
        "OTC115 1:7 [{{ foo }} bar] a template must be in quotes",
        "without quotes, `{` starts a mapping",
        'write `"{{ foo }} bar"`',
    ),
    (
        "text: {{ get('a')['b'] }}  # why\n",
        "OTC115 1:7 [{{ get('a')['b'] }}] a template must be in quotes",
        "without quotes, `{` starts a mapping",
        "write `\"{{ get('a')['b'] }}\"`",
    ),
    (
        'text: {{ get("a", "b") }}\n',
        'OTC115 1:7 [{{ get("a", "b") }}] a template must be in quotes',
        "without quotes, `{` starts a mapping",
        'write `\'{{ get("a", "b") }}\'`',
    ),
    (
        "text: {{ a | b }}: x\n",
        "OTC115 1:7 [{{ a | b }}: x] a template must be in quotes",
        "without quotes, `{` starts a mapping",
        'write `"{{ a | b }}: x"`',
    ),
    (
        "- {% if x %}a{% endif %}\n",
        "OTC115 1:3 [{% if x %}a{% endif %}] a template must be in quotes",
        "without quotes, `{` starts a mapping",
        'write `"{% if x %}a{% endif %}"`',
    ),
    (
        "a: [x, {{ b }}-c]\n",
        "OTC115 1:8 [{{ b }}-c] a template must be in quotes",
        "without quotes, `{` starts a mapping",
        'write `"{{ b }}-c"`',
    ),
    (
        "a: {{ get('a',\n  'b') }}\n",
        "OTC115 1:4 [{{ get('a',] a template must be in quotes",
        "without quotes, `{` starts a mapping",
        "put quotes around the template",
    ),
    (
        'a: "x: {{ y }}" z\n',
        "OTC124 1:17 [z] text follows the closing quote",
        "not part of the value",
        "remove it, or write `'\"x: {{ y }}\" z'`",
    ),
    (
        "a: @foo # c\n",
        "OTC116 1:4 [@foo] text that starts with `@` must be in quotes",
        "YAML reserves `@`",
        'write `"@foo"`',
    ),
    (
        "- `foo`\n",
        "OTC116 1:3 [`foo`] text that starts with a backtick must be in quotes",
        "YAML reserves the backtick",
        'write `"`foo`"`',
    ),
    (
        "a: %foo\n",
        "OTC116 1:4 [%foo] text that starts with `%` must be in quotes",
        "`%` starts a directive",
        'write `"%foo"`',
    ),
    (
        "@foo: 1\n",
        "OTC116 1:1 [@foo] text that starts with `@` must be in quotes",
        "YAML reserves `@`",
        'write `"@foo"`',
    ),
    (
        "a: [@foo, b]\n",
        "OTC116 1:5 [@foo] text that starts with `@` must be in quotes",
        "YAML reserves `@`",
        'write `"@foo"`',
    ),
    (
        "cron: */5 * * * *\n",
        "OTC116 1:7 [*/5 * * * *] text that starts with `*` must be in quotes",
        "`*` starts an alias",
        'write `"*/5 * * * *"`',
    ),
    (
        "cron: *5 * * * *\n",
        "OTC116 1:7 [*5 * * * *] text that starts with `*` must be in quotes",
        "`*` starts an alias",
        'write `"*5 * * * *"`',
    ),
    (
        "a: & b\n",
        "OTC116 1:4 [& b] text that starts with `&` must be in quotes",
        "`&` starts an anchor",
        'write `"& b"`',
    ),
    (
        "a: >=1.0\n",
        "OTC116 1:4 [>=1.0] text that starts with `>` must be in quotes",
        "`>` starts a block of text on the lines below",
        'write `">=1.0"`',
    ),
    (
        "a: > 3\n",
        "OTC116 1:4 [> 3] text that starts with `>` must be in quotes",
        "`>` starts a block of text on the lines below",
        'write `"> 3"`',
    ),
    (
        "a: |2x\n",
        "OTC116 1:4 [|2x] text that starts with `|` must be in quotes",
        "`|` starts a block of text on the lines below",
        'write `"|2x"`',
    ),
    (
        "a: ? b\n",
        "OTC116 1:4 [? b] text that starts with `?` must be in quotes",
        "`?` starts a key",
        'write `"? b"`',
    ),
    (
        "a: ,b\n",
        "OTC116 1:4 [,b] text that starts with `,` must be in quotes",
        "`,` separates the items of a list",
        'write `",b"`',
    ),
    (
        "a: ]\n",
        "OTC116 1:4 []] text that starts with `]` must be in quotes",
        "`]` closes a list",
        'write `"]"`',
    ),
    (
        "a: !foo!bar x\n",
        "OTC113 1:4 [!foo!bar] tag `!foo!bar` is unknown",
        "only !!str, !!int, !!float, !!bool, !!null, !!seq and !!map are known",
        "remove the tag, or put the value in quotes if the `!` is part of it",
    ),
    (
        "a: !<foo x\n",
        "OTC113 1:4 [!<foo x] tag `!<foo x` is unknown",
        "only !!str, !!int, !!float, !!bool, !!null, !!seq and !!map are known",
        "remove the tag, or put the value in quotes if the `!` is part of it",
    ),
    (
        "a: b: c  # d\n",
        "OTC117 1:4 [b: c] the value of `a` holds a second `:`",
        "a key cannot start on the line of another key",
        'if it is text, write `a: "b: c"`',
    ),
    (
        "at: 12:30: x\n",
        "OTC117 1:5 [12:30: x] the value of `at` holds a second `:`",
        "a key cannot start on the line of another key",
        'if it is text, write `at: "12:30: x"`',
    ),
    (
        "- a: b:\n",
        "OTC117 1:6 [b:] the value of `a` holds a second `:`",
        "a key cannot start on the line of another key",
        'if it is text, write `a: "b:"`',
    ),
    (
        "{a: b: c}\n",
        "OTC117 1:5 [b: c] the value of `a` holds a second `:`",
        "a key cannot start inside the value of another key",
        'if it is text, write `a: "b: c"`',
    ),
    (
        "foo: 1\nbar\nbaz: 2\n",
        "OTC118 2:1 [bar] a `:` is missing after `bar`",
        "expected `key: value`",
        "write `bar:`",
    ),
    (
        "foo: 1\nbar baz qux\n",
        "OTC118 2:1 [bar baz qux] a `:` is missing after `bar`",
        "expected `key: value`",
        "write `bar: baz qux`",
    ),
    (
        "use FetchTickets\nparams: 1\n",
        "OTC118 1:1 [use FetchTickets] a `:` is missing after `use`",
        "expected `key: value`",
        "write `use: FetchTickets`",
    ),
    (
        "steps:\n  - fetch\n    use: x\n",
        "OTC118 2:5 [fetch] a `:` is missing after `fetch`",
        "expected `key: value`",
        "write `fetch:`",
    ),
    (
        '"a": 1\n"b" 2\n',
        'OTC118 2:1 ["b" 2] a `:` is missing after `"b"`',
        "expected `key: value`",
        'write `"b": 2`',
    ),
    (
        '"a" 1\n',
        'OTC118 1:1 ["a"] a `:` is missing after `"a"`',
        "expected `key: value`",
        'write `"a":`',
    ),
    (
        "foo:bar\nbaz: 1\n",
        "OTC119 1:1 [foo:bar] a space is missing after `:`",
        "this is one word to YAML",
        "write `foo: bar`",
    ),
    (
        "baz: 1\nfoo:bar\n",
        "OTC119 2:1 [foo:bar] a space is missing after `:`",
        "this is one word to YAML",
        "write `foo: bar`",
    ),
    (
        "- a\n-b: 1\n",
        "OTC119 2:1 [-b: 1] a space is missing after `-`",
        "this is one word to YAML",
        "write `- b: 1`",
    ),
    (
        "-foo\n-bar: 1\n",
        "OTC119 1:1 [-foo] a space is missing after `-`",
        "this is one word to YAML",
        "write `- foo`",
    ),
    (
        "key: v\n  sub: 1\n",
        "OTC120 2:3 [sub:] this line is indented below `key`, which has a value already",
        "too far to the right",
        "indent it by 0 spaces, as `key`",
    ),
    (
        'key: "v"\n  sub: 1\n',
        "OTC120 2:3 [sub:] this line is indented below `key`, which has a value already",
        "too far to the right",
        "indent it by 0 spaces, as `key`",
    ),
    (
        "key:\n  some: text\n    that goes on\n    here: 1\n",
        "OTC120 4:5 [here:] this line is indented below `some`, which has a value already",
        "too far to the right",
        "indent it by 2 spaces, as `some`",
    ),
    (
        "key:\n    a: 1\n  b: 2\n",
        "OTC120 3:3 [b:] the indentation of this line fits no line above",
        "indented by 2 spaces",
        "indent it by 0 or 4 spaces",
    ),
    (
        "a:\n  - b: 1\n   c: 2\n",
        "OTC120 3:4 [c:] the indentation of this line fits no line above",
        "indented by 3 spaces",
        "indent it by 2 or 4 spaces",
    ),
    (
        " a: 1\nb: 2\n",
        "OTC120 2:1 [b:] the indentation of this line fits no line above",
        "not indented",
        "indent it by 1 space",
    ),
    (
        "key:\n  - a\n - b\n",
        "OTC120 3:2 [-] the indentation of this line fits no line above",
        "indented by 1 space",
        "indent it by 0 or 2 spaces",
    ),
    (
        "steps:\n  - a\n  foo: 1\n",
        "OTC121 3:3 [foo:] a key among the items of a list",
        "expected `-`",
        "put `- ` in front of it, or indent it so that it belongs to an item",
    ),
    (
        "key: 1\n- a\n",
        "OTC121 2:1 [-] a list item stands among keys",
        "expected a key",
        "give the list a key of its own, one level further left",
    ),
    (
        "a: - b\n",
        "OTC122 1:4 [-] a list cannot start on the line of its key",
        "the first item",
        "start the list on the next line; if this is text, put it in quotes",
    ),
    (
        'a: "foo\nb: 1\n',
        'OTC123 1:4 ["] a quote is never closed',
        "opened here",
        "close it at the end of the value",
    ),
    (
        'a: "foo\nb: "bar"\n',
        'OTC123 1:4 ["] a quote is not closed where its value ends',
        "opened here",
        "close it at the end of the value",
    ),
    (
        "a: 'it's'\n",
        "OTC124 1:8 [s'] text follows the closing quote",
        "not part of the value",
        'remove it, or write `"it\'s"`',
    ),
    (
        "a: 'foo' bar\n",
        "OTC124 1:10 [bar] text follows the closing quote",
        "not part of the value",
        "remove it, or write `\"'foo' bar\"`",
    ),
    (
        '- "y" z: 1\n',
        "OTC124 1:7 [z: 1] text follows the closing quote",
        "not part of the value",
        "remove it, or write `'\"y\" z: 1'`",
    ),
    (
        "a: [x] y\n",
        "OTC124 1:8 [y] text follows the closing `]`",
        "not part of the value",
        "remove it, or put the whole value in quotes",
    ),
    (
        "{a: 1} x\n",
        "OTC124 1:8 [x] text follows the closing `}`",
        "not part of the value",
        "remove it, or put the whole value in quotes",
    ),
    (
        'a: "C:\\Users"\n',
        "OTC125 1:7 [\\U] `\\U` is not an escape that YAML knows",
        "inside double quotes, a backslash starts an escape",
        "write `\\\\U` for a backslash, or use single quotes",
    ),
    (
        'a: "\\d"\n',
        "OTC125 1:5 [\\d] `\\d` is not an escape that YAML knows",
        "inside double quotes, a backslash starts an escape",
        "write `\\\\d` for a backslash, or use single quotes",
    ),
    (
        'a: "\\xZZ"\n',
        "OTC125 1:5 [\\x] `\\x` is not an escape that YAML knows",
        "inside double quotes, a backslash starts an escape",
        "write `\\\\x` for a backslash, or use single quotes",
    ),
    (
        'a: "\\ud83d\\ude00"\n',
        "OTC125 1:5 [\\ud83d\\ude00] `\\ud83d\\ude00` is how JSON writes one character in two halves",
        "not known in YAML",
        "write `\\U0001F600`, or the character itself",
    ),
    (
        "a: [1, 2\nb: 3\n",
        "OTC126 1:4 [[] `[` is never closed",
        "opened here",
        "put `]` where the value ends",
    ),
    (
        "a: {x: [1, 2}\n",
        "OTC126 1:13 [}] `[` is closed with `}`",
        "expected `]`",
        "write `]}`",
    ),
    (
        "a: {x: 1]\n",
        "OTC126 1:9 []] `{` is closed with `]`",
        "expected `}`",
        "write `}`",
    ),
    (
        "a: 1\n] b: 2\n",
        "OTC126 2:1 []] `]` closes nothing",
        "no bracket is open here",
        "remove it, or write the bracket that it should close",
    ),
    (
        "a: [x, # ]\n",
        "OTC126 1:4 [[] `[` is never closed",
        "opened here",
        "put `]` where the value ends",
    ),
    (
        "{a: 1 b: 2}\n",
        "OTC127 1:7 [b] a `,` is missing inside brackets",
        "expected `,` before this",
        "separate the items with commas",
    ),
    (
        "a: [\n  x: 1\n  y: 2\n]\n",
        "OTC127 3:3 [y] a `,` is missing inside brackets",
        "expected `,` before this",
        "separate the items with commas",
    ),
    (
        '["a" "b"]\n',
        'OTC127 1:6 ["b"] a `,` is missing inside brackets',
        "expected `,` before this",
        "separate the items with commas",
    ),
    (
        "[a,, b]\n",
        "OTC127 1:4 [,] a value is missing before `,`",
        "nothing stands before it",
        "remove it, or write the value",
    ),
    (
        "key:\n\ta: 1\n\tb: 1\n",
        "OTC104 2:1 [\t] a tab where only spaces are allowed",
        "this is a tab",
        "indent with spaces; 2 lines of this file start with a tab",
    ),
    (
        "a: |\n  x\n\ty\n",
        "OTC104 3:1 [\t] a tab where only spaces are allowed",
        "this is a tab",
        "indent with spaces",
    ),
    (
        "%foo: bar\n",
        "OTC128 1:1 [%foo: bar] a line that starts with `%` is a YAML directive",
        "only `%YAML 1.2` and `%TAG` are known",
        "remove the line, or put its text in quotes",
    ),
    (
        "%YAML 3.0\n",
        "OTC128 1:1 [%YAML 3.0] a line that starts with `%` is a YAML directive",
        "only `%YAML 1.2` and `%TAG` are known",
        "remove the line, or put its text in quotes",
    ),
    (
        "a: &x *y\n",
        "OTC129 1:7 [*] this is not valid YAML",
        "while parsing a block mapping: did not find expected key",
        "compare the quotes, brackets and indentation here and on the lines above",
    ),
    (
        "?\n- a\n:\n",
        "OTC112 2:1 [- a] a key must be text",
        "a mapping or a list as a key",
        "if this is meant as text, put it in quotes",
    ),
]

in_both_parsers = pytest.mark.parametrize("in_c", [True, False], ids=["c", "python"])


@pytest.fixture
def parser(in_c: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "parse", partial(parse, in_c=in_c))


@in_both_parsers
@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "finding", "label", "help"), MISTAKES, ids=[text for text, *_ in MISTAKES]
)
def test_mistakes(text: str, finding: str, label: str, help: str) -> None:
    assert described(text) == [finding]
    (diagnostic,) = found(text)
    if not (diagnostic.code == "OTC129" and diagnostic.label != label):
        assert diagnostic.label == label
    assert diagnostic.help == help


def test_a_bracket_behind_a_colon() -> None:
    # The parser in Python reads it as meant.
    assert described("{a: 1, to:[x]}") == [
        "OTC119 1:8 [to:] a space is missing after `:`"
    ]


@pytest.mark.parametrize(
    "text", [text for text, *_ in MISTAKES if found(text)[0].suggestion is not None]
)
def test_a_suggestion_mends_the_mistake(text: str) -> None:
    (diagnostic,) = found(text)
    span = diagnostic.span
    assert span is not None
    assert diagnostic.suggestion is not None
    mended = text[: span.start] + diagnostic.suggestion + text[span.end :]
    outcome = read("config.yml", mended.encode())
    if not isinstance(outcome, Document):
        (left,) = outcome
        # Another mistake of the same text may be next, further down.
        assert left.span is not None
        assert left.span.start > span.end
