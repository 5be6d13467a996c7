"""The same configuration gives the same bytes, wherever and however it is compiled."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_CASES = (
    "unicode-reaches-every-name",
    "every-policy-key-at-every-level",
    "notifications-become-automations",
)
_PLACES = (
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C", "LANG": "C"},
    {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"},
    {"PYTHONHASHSEED": "99", "TZ": "America/St_Johns", "PYTHONUTF8": "0"},
)


@pytest.mark.parametrize("name", _CASES)
def test_every_place_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    outputs = []
    for number, environment in enumerate(_PLACES):
        folder = tmp_path / f"folder {number}" / ("deep" * number or "flat")
        shutil.copytree(
            _ROOT / "tests" / "cases" / name,
            folder,
            ignore=shutil.ignore_patterns("expected"),
        )
        # Called from inside of the folder, from above and from elsewhere.
        working, config = [
            (folder, "config.yml"),
            (folder.parent, f"{folder.name}/config.yml"),
            (tmp_path, str(folder / "config.yml")),
        ][number]
        command = [Path(sys.executable).with_name("otac"), "build", config]
        subprocess.run(
            command,
            cwd=working,
            env={**os.environ, **environment},
            capture_output=True,
            check=True,
        )
        outputs.append(_files(folder))
    assert len(outputs[0]) > 4
    assert outputs[0] == outputs[1]
    assert outputs[0] == outputs[2]


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
