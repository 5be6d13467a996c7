"""`otac check --fix`: what it writes, what it says, and what it leaves alone."""

import os
import pty
import sys
import threading
from pathlib import Path

import pytest

from command import OTAC, SOUND, Finished, otac
from otac.cli import main

WRONG = SOUND.replace("runners", "runers")
UNSURE = WRONG.replace("CheckEscalations}", "CheckEscalations, max_age: 2}")
SURE = SOUND.replace("CheckEscalations}", "CheckEscalations, max_age_hours: 2}")
UNKNOWN = "      colour: red\n"
MADE = (
    "config.yml:3:3: OTC202 unknown key `runers` in `orchestrator`: replace with "
    "`runners`\nconfig.yml: 1 correction made\n"
)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "config.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def check(folder: Path, *options: str, input: str = "") -> Finished:
    name = () if "-" in options else ("config.yml",)
    return otac("check", *name, *options, cwd=folder, input=input)


def test_the_file_is_corrected(tmp_path: Path) -> None:
    path = write(tmp_path, WRONG)
    finished = check(tmp_path, "--fix")
    assert (finished.status, finished.out) == (0, "")
    assert finished.err.endswith(MADE)
    assert path.read_text(encoding="utf-8") == SOUND
    assert [one.name for one in tmp_path.iterdir()] == ["config.yml"]


def test_what_is_left_is_said_at_its_new_place(tmp_path: Path) -> None:
    again = "      window_seconds: 60\n"  # which has no effect there
    path = write(tmp_path, SOUND + again + UNKNOWN)
    before = check(tmp_path, "--format", "concise")
    assert "config.yml:7:7: OTC202 unknown key `colour` in a runner\n" in before.err
    finished = check(tmp_path, "--fix", "--format", "concise")
    assert finished.status == 1
    assert "config.yml:6:7: OTC202 unknown key `colour` in a runner\n" in finished.err
    assert path.read_text(encoding="utf-8") == SOUND + UNKNOWN


def test_line_ends_and_marks_stay(tmp_path: Path) -> None:
    path = write(tmp_path, WRONG.replace("\n", "\r\n").encode("utf-8-sig"))
    assert check(tmp_path, "--fix", "-q") == Finished(0, "", "")
    assert path.read_bytes() == SOUND.replace("\n", "\r\n").encode("utf-8-sig")


def test_a_second_time_there_is_nothing_to_do(tmp_path: Path) -> None:
    path = write(tmp_path, SOUND)
    os.utime(path, (1, 1))
    finished = check(tmp_path, "--fix")
    assert finished.err.endswith("config.yml: nothing to fix\n")
    assert path.stat().st_mtime == 1


def test_what_somebody_has_to_confirm_is_made_when_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, UNSURE)
    # Behind the wrong key stands another error, which would come to light.
    assert check(tmp_path, "--fix").status == 1
    assert path.read_text(encoding="utf-8") == UNSURE
    finished = check(tmp_path, "--fix", "--unsafe-fixes")
    assert finished.status == 0
    assert (
        "replace with `max_age_hours` (to be confirmed: another name may have been meant)"
        in finished.err
    )
    assert path.read_text(encoding="utf-8") == SURE


def test_why_a_correction_was_not_made_is_said(tmp_path: Path) -> None:
    write(tmp_path, UNSURE)
    finished = check(tmp_path, "--fix")
    assert (
        "not made: replace with `runners`, which brings OTC321 at line 5: "
        "`CheckEscalations` has no parameter `max_age`" in finished.err
    )


def test_a_difference_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, WRONG)
    finished = check(tmp_path, "--diff")
    assert finished.status == 1
    assert "-  runers:\n+  runners:\n" in finished.out
    assert finished.err.endswith("config.yml: 1 correction would be made\n")
    assert path.read_text(encoding="utf-8") == WRONG
    write(tmp_path, SOUND)
    assert (check(tmp_path, "--diff").status, check(tmp_path, "--diff").out) == (0, "")


def test_standard_input_is_printed_corrected(tmp_path: Path) -> None:
    finished = check(tmp_path, "-", "--fix", input=WRONG)
    assert (finished.status, finished.out) == (0, SOUND)
    # A pipe loses nothing where there is nothing to correct, or nothing can be.
    assert check(tmp_path, "-", "--fix", input="a: [").out == "a: ["


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--unsafe-fixes",), "`--unsafe-fixes` needs `--fix` or `--diff`"),
        (("--diff", "--format", "json"), "would both go to standard output"),
        (("-", "--fix", "--format", "json"), "would both go to standard output"),
    ],
)
def test_what_does_not_go_together(
    options: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    path = write(tmp_path, WRONG)
    finished = check(tmp_path, *options, input=WRONG)
    assert (finished.status, finished.out) == (2, "")
    assert said in finished.err
    assert path.read_text(encoding="utf-8") == WRONG


def test_formats_for_programs_have_what_is_left(tmp_path: Path) -> None:
    path = write(tmp_path, WRONG)
    finished = check(tmp_path, "--fix", "--format", "json", "-q")
    assert finished == Finished(0, "[]\n", "")
    assert path.read_text(encoding="utf-8") == SOUND


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path, WRONG)
    path.chmod(0o444)
    finished = check(tmp_path, "--fix")
    assert finished.status == 3
    assert "OTC501" in finished.err
    assert "read-only" in finished.err
    assert path.read_text(encoding="utf-8") == WRONG


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    path = write(tmp_path, WRONG).rename(tmp_path / "real.yml")
    (tmp_path / "config.yml").symlink_to("real.yml")
    assert check(tmp_path, "--fix").status == 0
    assert (tmp_path / "config.yml").is_symlink()
    assert path.read_text(encoding="utf-8") == SOUND


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_no_link_out_of_the_folder_is_written_through(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    path = write(tmp_path, WRONG)
    (inside / "config.yml").symlink_to(path)
    finished = check(inside, "--fix")
    assert (finished.status, "OTC503" in finished.err) == (3, True)
    assert path.read_text(encoding="utf-8") == WRONG


def test_a_file_that_changes_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import otac.fixing

    path = write(tmp_path, WRONG)
    real = otac.fixing.fix

    def slow(*arguments: object, **more: object) -> object:
        path.write_text("somebody: else\n", encoding="utf-8")
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(otac.fixing, "fix", slow)
    assert main(["check", str(path), "--fix"]) == 3
    assert "OTC506" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "somebody: else\n"


def test_a_pipe_is_no_file_to_write_into(tmp_path: Path) -> None:
    pipe = tmp_path / "config.yml"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(WRONG, encoding="utf-8"))
    writer.start()
    finished = check(tmp_path, "--fix")
    writer.join()
    assert finished.status == 3
    assert "a pipe or a device" in finished.err


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """What a command prints on a terminal."""
    said = bytearray()
    here = Path.cwd()

    def read(descriptor: int) -> bytes:
        data = os.read(descriptor, 1024)
        said.extend(data)
        return data  # nothing would be the end

    os.chdir(folder)
    try:
        pty.spawn([str(OTAC), *arguments], read, lambda _: b"")
    finally:
        os.chdir(here)
    return said.decode().replace("\r\n", "\n")


def test_a_terminal_is_told_how_many_can_be_fixed(tmp_path: Path) -> None:
    write(tmp_path, SOUND + "      tagz: [a]\n" + UNKNOWN)
    said = on_a_terminal(tmp_path, "check", "config.yml", "--color", "never")
    assert said.endswith("1 can be fixed by `--fix`\n")
    write(tmp_path, SURE.replace("max_age_hours", "max_age") + "      tagz: [a]\n")
    said = on_a_terminal(tmp_path, "check", "config.yml", "--color", "never")
    assert said.endswith(
        "1 can be fixed by `--fix`, 1 more by `--fix --unsafe-fixes`\n"
    )
    write(tmp_path, SOUND + UNKNOWN)
    said = on_a_terminal(tmp_path, "check", "config.yml", "--color", "never")
    assert "can be fixed" not in said


def test_programs_are_not_told(tmp_path: Path) -> None:
    write(tmp_path, WRONG)
    for form in ("full", "concise", "json"):
        finished = check(tmp_path, "--format", form)
        assert "can be fixed" not in finished.err + finished.out
