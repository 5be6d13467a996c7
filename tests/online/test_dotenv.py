"""Files of variables."""

from pathlib import Path

import pytest

from command import SOUND, otac
from otac.dotenv import read_lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=1\nB=two words\n", {"A": "1", "B": "two words"}),
        ("export A = 1\r\n  B=2", {"A": "1", "B": "2"}),
        ("\ufeffA=1", {"A": "1"}),
        (
            "A='a # b'\nB=\"c\"\nC=d # e\nD=f#g",
            {"A": "a # b", "B": "c", "C": "d", "D": "f#g"},
        ),
        ("# A=1\nA\n=3\n1A=2\n", {}),
        ("A=1\nA=2=3\nB=\nC=''", {"A": "2=3", "B": "", "C": ""}),
        ("A='\nB='", {"A": "'", "B": "'"}),
        ("A='b' # c\nD=\"e # f\"", {"A": "b", "D": "e # f"}),
    ],
)
def test_lines(text: str, found: dict[str, str]) -> None:
    assert read_lines(text) == found


def test_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "nul.env").write_bytes(b"A=a\0b\n")
    for command in (("check",), ("run",), ("review",), ("evaluate",), ("train",)):
        more = {"run": ["triage"], "evaluate": ["tickets.csv"]}.get(command[0], [])
        for name in ("none.env", "nul.env", "."):
            done = otac(*command, "config.yml", *more, "--env-file", name, cwd=tmp_path)
            assert done.status == 3
            assert f"error[OTC505]: `{name}` cannot be read: " in done.err


@pytest.mark.parametrize(
    ("data", "place", "said"),
    [
        (b"A=1\nPASSWORD: x\n", "2:1", "this line is not `NAME=value`"),
        (b"A=1\n  B='x\n", "2:5", "the quote before the value of `B` is not closed"),
        (b"\xef\xbb\xbfA=a\0b\n", "1:1", "`A` has a NUL in its value"),
        (b"A=\xff\n", "1:3", "is not text in UTF-8"),
        ("A='1\n2'\n".encode("utf-16"), "1:3", "the quote before the value of `A`"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_at_its_place(
    tmp_path: Path, data: bytes, place: str, said: str
) -> None:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "some.env").write_bytes(data)
    done = otac("check", "config.yml", "--env-file", "some.env", cwd=tmp_path)
    assert done.status == 3
    assert f"--> some.env:{place}\n" in done.err
    assert said in done.err


def test_a_name_alone_and_a_comment_are_no_faults(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "some.env").write_bytes(b"\n # x: y\nexport A\nB\nC='d' # e\n")
    done = otac("check", "config.yml", "--env-file", "some.env", cwd=tmp_path)
    assert (done.status, done.err) == (0, "config.yml is fine\n")
