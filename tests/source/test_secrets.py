"""Credentials are not repeated: neither in frames nor in differences."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import SOUND, otac
from otac.source.secrets import concealed, looks_secret

PLAIN = [
    ("password: hunter2  # ours", "password: *******  # ours"),
    ("password: hun,ter}2", "password: *********"),
    ("m: {password: hunter2, user: x}", "m: {password: *******, user: x}"),
    ("api_token: \"a b\\\" c\"", "api_token: \"* *** *\""),
    ("x: {apiKey: 'it''s', b: 2}", "x: {apiKey: '*****', b: 2}"),
    ("password: !!str 12 # x", "password: !!str ** # x"),
    ("password: &p hunter2", "password: &p *******"),
    ("password:hunter2", "password:*******"),
    ('"password": "x', '"password": **'),
    ('password: "a\n  b"', 'password: "*\n  *"'),
    ('password: "a\nother: "b"', 'password: **\nother: "b"'),
    ("- secret: |  # two\n    a\n\n    b\n  other: c", "- secret: |  # two\n    *\n\n    *\n  other: c"),
    ("  password hunter2", "  password *******"),
    ("password = hunter2", "password = *******"),
    ("password: *hunter2", "password: ********"),
    ("pasword: hunter2", "pasword: *******"),
    ("url: https://me:pw@host/x", "url: https://*****@host/x"),
]  # fmt: skip
ELSEWHERE = [
    "password: \"{{ get_env('X') }}\"",
    "password: ${X}",
    "a: &shared x\npassword: *shared",
    "password: ''",
    "password:",
    "password: null",
    "password_env_var: OTOBO_PASSWORD",
    "hf_token_env_var: HF_TOKEN",
    "token_env: HF_TOKEN",
    "passwords_of_users: 3",
    "password:\n  nested: x",
    "password: # nothing yet",
]


@pytest.mark.parametrize(("text", "shown"), PLAIN, ids=[one for one, _ in PLAIN])
def test_a_credential_cannot_be_read(text: str, shown: str) -> None:
    assert concealed(text) == shown
    assert concealed(shown) == shown


@pytest.mark.parametrize("text", ELSEWHERE)
def test_what_says_where_it_is_stays(text: str) -> None:
    assert concealed(text) == text


@given(st.text(alphabet="password: {}[],'\"|>\n#&!*-x@/", max_size=80))
def test_no_character_moves(text: str) -> None:
    shown = concealed(text)
    assert len(shown) == len(text)
    assert [a for a in shown if a.isspace()] == [a for a in text if a.isspace()]


def test_the_name_of_a_variable_is_no_credential() -> None:
    assert looks_secret("api_token")
    assert not looks_secret("token_env_var")


@pytest.mark.parametrize(
    "value", ["@hunter2", "hunter2: x", "%hunter2", "*hunter2", '"hunter2']
)
def test_nothing_that_is_said_repeats_it(value: str, tmp_path: Path) -> None:
    """Though what is wrong is how it is written."""
    desk = (
        f"services:\n  desk:\n    use: OTOBOZnunyTicketSystem\n    password: {value}\n"
    )
    text = desk + SOUND.split("\n", 1)[1]
    (tmp_path / "config.yml").write_text(text, encoding="utf-8")
    for options in (
        ("check", "config.yml"),
        ("check", "config.yml", "--format", "json"),
        ("check", "config.yml", "--format", "sarif"),
        ("migrate", "config.yml", "--fix", "--unsafe-fixes", "--diff"),
    ):
        finished = otac(*options, cwd=tmp_path)
        assert finished.status == 1
        assert "hunter2" not in finished.out + finished.err
