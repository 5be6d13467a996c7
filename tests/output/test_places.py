"""The lock knows where runners, steps and services stand; nothing else does."""

import json
from pathlib import Path
from typing import Any

from command import otac

CONFIG = """\
orchestrator:
  runners:
    - pipe_id: triage
      pipe:
        steps:
          - &check
            id: check
            use: CheckEscalations
          - id: inner
            steps:
              - {id: again, use: CheckEscalations}
              - use: CheckEscalations
    - {pipe_id: other, pipe: *check}
"""


def build(folder: Path, text: str) -> dict[str, bytes]:
    """The written files after a build, by path."""
    (folder / "config.yml").write_text(text, encoding="utf-8")
    assert otac("build", "config.yml", "-q", cwd=folder).status == 0
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "config.yml"
    }


def places(files: dict[str, bytes]) -> Any:
    return json.loads(files["generated/otac.lock"])["places"]


def test_the_lock_has_the_line_of_every_step(tmp_path: Path) -> None:
    assert places(build(tmp_path, CONFIG)) == {
        "triage": {
            "": 3,
            "check": 7,
            "inner": 9,
            "inner.again": 11,
            "inner.check_escalations": 12,
        },
        "other": {"": 13, "check": 7},
        # The parameters of services; this one stands where a step first needs it.
        "": {"ticket_system": 8, "ticket_system.path": 8},
    }


def test_lines_that_move_change_the_lock_and_nothing_else(tmp_path: Path) -> None:
    before = build(tmp_path, CONFIG)
    after = build(tmp_path, "# Who calls whom\n\n" + CONFIG)
    changed = {
        path for path in before.keys() | after.keys() if before[path] != after[path]
    }
    assert changed == {"generated/otac.lock"}
    assert places(after)["triage"]["inner.again"] == 13
    assert otac("build", "config.yml", "--check", cwd=tmp_path).status == 0


def test_a_lock_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    files = build(tmp_path, CONFIG)
    lock = json.loads(files["generated/otac.lock"])
    del lock["places"]
    (tmp_path / "generated" / "otac.lock").write_text(json.dumps(lock), "utf-8")
    assert places(build(tmp_path, CONFIG + "# more\n")) == places(files)
