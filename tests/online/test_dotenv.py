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
