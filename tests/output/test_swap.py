"""The system call that exchanges two folders."""

import ctypes
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from otac.output import swap

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's system call")


def folders(place: Path) -> tuple[Path, Path]:
    one, other = place / "one", place / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / folder.name).write_text(folder.name)
    return one, other


def test_two_folders_change_names(tmp_path: Path) -> None:
    one, other = folders(tmp_path)
    swap.exchange(str(one), str(other))
    assert [path.name for path in one.iterdir()] == ["other"]
    assert [path.name for path in other.iterdir()] == ["one"]


def test_a_c_library_without_the_function_has_the_system_call(tmp_path: Path) -> None:
    one, other = folders(tmp_path)
    bare = SimpleNamespace(syscall=ctypes.CDLL(None, use_errno=True).syscall)
    assert swap._call(bare, bytes(one), bytes(other)) == 0  # type: ignore[arg-type]
    assert [path.name for path in one.iterdir()] == ["other"]


def test_an_unknown_machine_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = folders(tmp_path)
    monkeypatch.setattr(swap, "_SYSCALL", {})
    with pytest.raises(swap.Unsupported):
        swap._call(SimpleNamespace(), bytes(one), bytes(other))  # type: ignore[arg-type]


def test_a_missing_folder_is_an_error_with_its_path(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    with pytest.raises(FileNotFoundError) as raised:
        swap.exchange(str(one), str(other))
    assert (raised.value.filename, raised.value.filename2) == (str(one), str(other))


def test_another_file_system_is_not_supported(tmp_path: Path) -> None:
    one, _ = folders(tmp_path)
    with pytest.raises(swap.Unsupported):
        swap.exchange(str(one), "/proc/self")
