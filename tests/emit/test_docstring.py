import ast

import pytest
from formatters import assert_formatted
from hypothesis import given, settings
from hypothesis import strategies as st

from otac.emit.literal import comment, docstring

TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from('"\\\n\t \0\u2028{}')), max_size=200
)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (None, '"""Runner."""'),
        ("", '"""Runner."""'),
        ("Routes tickets.", '"""Runner.\n\nRoutes tickets.\n"""'),
        ("  First\n  line.\n\nSecond.", '"""Runner.\n\nFirst line.\n"""'),
        ('say """hi"""', '"""Runner.\n\nsay \\"\\"\\"hi\\"\\"\\"\n"""'),
        ("back\\slash \0", '"""Runner.\n\nback\\\\slash \\x00\n"""'),
        (
            "word " * 20,
            '"""Runner.\n\n' + "word " * 15 + "word\nword word word word\n" + '"""',
        ),
    ],
)
def test_a_docstring_has_the_summary_and_the_first_paragraph(
    text: str | None, source: str
) -> None:
    assert docstring("Runner.", text) == source


def test_a_quote_at_the_end_does_not_end_the_docstring() -> None:
    assert docstring('Service "') == '"""Service \\""""'


@given(TEXTS, st.sampled_from([0, 4]))
@settings(max_examples=50, deadline=None)
def test_any_text_is_one_docstring_and_formatters_keep_it(
    text: str, indent: int
) -> None:
    written = docstring(f"Service `{text}`.", text, indent)
    margin = " " * indent
    head = "def f() -> None:\n" if indent else ""
    source = f"{head}{margin}{written}\n"
    (statement,) = ast.parse(source).body
    if isinstance(statement, ast.FunctionDef):
        (statement,) = statement.body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    docs = str(statement.value.value)
    assert docs.split()[:1] == ["Service"]
    assert "".join(f"Service `{text}`.".split()) in "".join(docs.split())
    assert_formatted(source)


@given(st.text())
def test_a_comment_is_one_line_and_no_instruction(text: str) -> None:
    written = comment(text)
    assert len(f"# {written}".splitlines()) == 1
    assert not set(written) & set(":=#\\\n\r\0\u202e")
