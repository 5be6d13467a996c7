"""`otac migrate`: what it writes, and what it leaves alone."""

import os
import stat
import sys
from pathlib import Path

import pytest

from command import SOUND, otac

OLD = """\
services:
  helpdesk: {use: "otobo-znuny:OTOBOZnunyClient", base_url: "http://h", password: "x"}  # ours
orchestrator:
  runners:
    - pipe_id: say   # hello
      pipe: {use: "base:ExpressionPipe", expression: "Grüße"}
"""
NEW = OLD.replace("otobo-znuny:OTOBOZnunyClient", "OTOBOZnunyTicketSystem").replace(
    "base:ExpressionPipe", "Expression"
)
LOOP = """\
orchestrator:
  pipelines:
    - name: p   # the first
      schedule: "0 8 * * *"
      pipes: [{pipe_name: expression, expression: "1"}]
"""
SAID = "config.yml: components of older releases have today's names\n"
CURRENT = "config.yml: nothing to do, it has today's form\n"


def write(folder: Path, text: str | bytes, name: str = "config.yml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_the_file_itself_is_rewritten(tmp_path: Path) -> None:
    path = write(tmp_path, OLD)
    finished = otac("migrate", "config.yml", cwd=tmp_path)
    assert (finished.status, finished.out, finished.err) == (0, "", SAID)
    assert path.read_text(encoding="utf-8") == NEW
    assert names(tmp_path) == ["config.yml"]


def test_a_second_time_there_is_nothing_to_do(tmp_path: Path) -> None:
    path = write(tmp_path, SOUND)
    os.utime(path, (1, 1))
    finished = otac("migrate", "config.yml", cwd=tmp_path)
    assert (finished.status, finished.out, finished.err) == (0, "", CURRENT)
    assert path.stat().st_mtime == 1


def test_the_form_it_had_is_named(tmp_path: Path) -> None:
    write(tmp_path, LOOP)
    finished = otac("migrate", "config.yml", cwd=tmp_path)
    assert finished.err == (
        "config.yml: migrated from the form of the tutorials, with `pipelines`\n"
    )


def test_the_diff_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, OLD)
    finished = otac("migrate", "config.yml", "--diff", cwd=tmp_path)
    assert finished.status == 0
    assert finished.out == (
        "--- a/config.yml\n"
        "+++ b/config.yml\n"
        "@@ -1,6 +1,6 @@\n"
        " services:\n"
        f"-{OLD.splitlines()[1]}\n".replace('"x"', '"*"')
        + f"+{NEW.splitlines()[1]}\n".replace('"x"', '"*"')
        + " orchestrator:\n"
        "   runners:\n"
        "     - pipe_id: say   # hello\n"
        f"-{OLD.splitlines()[5]}\n"
        f"+{NEW.splitlines()[5]}\n"
    )
    assert path.read_text(encoding="utf-8") == OLD


def test_the_diff_of_a_current_file_is_empty(tmp_path: Path) -> None:
    write(tmp_path, SOUND)
    finished = otac("migrate", "config.yml", "--diff", cwd=tmp_path)
    assert (finished.status, finished.out, finished.err) == (0, "", CURRENT)


@pytest.mark.parametrize("text", [OLD, SOUND], ids=["old", "current"])
def test_standard_input_goes_to_standard_output(text: str, tmp_path: Path) -> None:
    finished = otac("migrate", "-", "-q", cwd=tmp_path, input=text)
    assert (finished.status, finished.err) == (0, "")
    assert finished.out == (NEW if text == OLD else SOUND)
    assert names(tmp_path) == []


def test_another_file_can_be_written(tmp_path: Path) -> None:
    path = write(tmp_path, OLD)
    finished = otac("migrate", "config.yml", "-q", "-o", "new.yml", cwd=tmp_path)
    assert (finished.status, finished.out, finished.err) == (0, "", "")
    assert (tmp_path / "new.yml").read_text(encoding="utf-8") == NEW
    assert path.read_text(encoding="utf-8") == OLD
    finished = otac("migrate", "config.yml", "-q", "-o", "-", cwd=tmp_path)
    assert finished.out == NEW


def test_a_current_file_is_copied_where_asked(tmp_path: Path) -> None:
    write(tmp_path, SOUND)
    otac("migrate", "config.yml", "-o", "new.yml", cwd=tmp_path)
    assert (tmp_path / "new.yml").read_text(encoding="utf-8") == SOUND


def test_errors_stand_in_the_way(tmp_path: Path) -> None:
    broken = LOOP.replace("name: p", "nam: p")
    path = write(tmp_path, broken)
    finished = otac("migrate", "config.yml", "--format", "concise", cwd=tmp_path)
    assert finished.status == 1
    assert "config.yml:3:7: OTC202" in finished.err
    assert path.read_text(encoding="utf-8") == broken


def test_errors_that_are_in_the_new_file_too_do_not(tmp_path: Path) -> None:
    path = write(tmp_path, LOOP.replace('"1"', "\"{{ pipe_result('nowhere') }}\""))
    assert otac("check", "config.yml", cwd=tmp_path).status == 1
    assert otac("migrate", "config.yml", cwd=tmp_path).status == 0
    assert "pipe_id: p  # the first" in path.read_text(encoding="utf-8")
    assert otac("check", "config.yml", cwd=tmp_path).status == 1


def test_what_gets_lost_is_said(tmp_path: Path) -> None:
    text = (
        'orchestrator:\n  runners:\n    - on: {use: "base:IntervalTrigger", params: {hours: 1}}\n'
        '      priority: 3\n      run: {id: x, use: "base:ExpressionPipe", params: {expression: "1"}}\n'
    )
    path = write(tmp_path, text)
    finished = otac("migrate", "config.yml", "--format", "concise", cwd=tmp_path)
    assert finished.status == 0
    assert "config.yml:4:7: OTC213" in finished.err
    write(tmp_path, text)
    finished = otac("migrate", "config.yml", "--strict", cwd=tmp_path)
    assert finished.status == 1
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "mark"])
def test_line_ends_and_the_byte_order_mark_stay(mark: bytes, tmp_path: Path) -> None:
    for old, new in ((OLD, NEW), (LOOP, None)):
        path = write(tmp_path, mark + old.replace("\n", "\r\n").encode())
        assert otac("migrate", "config.yml", cwd=tmp_path).status == 0
        data = path.read_bytes()
        assert data.startswith(mark)
        assert data.count(b"\n") == data.count(b"\r\n") > 0
        if new is not None:
            assert data == mark + new.replace("\n", "\r\n").encode()


def test_utf_16_stays(tmp_path: Path) -> None:
    path = write(tmp_path, OLD.encode("utf-16"))
    assert otac("migrate", "config.yml", cwd=tmp_path).status == 0
    assert path.read_bytes().decode("utf-16") == NEW


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and links")
def test_links_and_permissions_stay(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    path = write(tmp_path / "shared", OLD, "real.yml")
    path.chmod(0o640)
    link = tmp_path / "config.yml"
    link.symlink_to(Path("shared") / "real.yml")
    assert otac("migrate", "config.yml", cwd=tmp_path).status == 0
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    finished = otac("migrate", "config.yml", "-o", "no/new.yml", cwd=tmp_path)
    assert finished.status == 3
    assert "error[OTC503]" in finished.err
    assert names(tmp_path) == ["config.yml"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    finished = otac("migrate", "config.yml", cwd=tmp_path)
    assert finished.status == 3
    assert "error[OTC505]" in finished.err


def test_one_standard_output_is_not_enough_for_two(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    for more in (["--diff"], ["-o", "-"]):
        finished = otac(
            "migrate", "config.yml", "--format", "json", *more, cwd=tmp_path
        )
        assert (finished.status, finished.out) == (2, "")
    finished = otac("migrate", "config.yml", "--format", "json", cwd=tmp_path)
    assert (finished.status, finished.out, finished.err) == (0, "[]\n", "")
    assert otac("migrate", "x", "--diff", "-o", "y", cwd=tmp_path).status == 2


def test_the_next_build_changes_the_lock_alone(tmp_path: Path) -> None:
    write(tmp_path, LOOP)
    assert otac("build", "config.yml", "-q", cwd=tmp_path).status == 0
    assert otac("migrate", "config.yml", "-q", cwd=tmp_path).status == 0
    diff = otac("build", "config.yml", "-q", "--diff", cwd=tmp_path).out
    changed = [line for line in diff.splitlines() if line.startswith("+++")]
    assert changed == ["+++ b/generated/otac.lock"]
