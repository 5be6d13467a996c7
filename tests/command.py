"""The command line as a user has it: a process, its two outputs and its status."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OTAC = Path(sys.executable).with_name("otac")

GUIDE = (Path(__file__).parents[1] / "config.yml").read_text(encoding="utf-8")
SOUND = """\
services: {helpdesk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}}
orchestrator:
  runners:
    - pipe_id: triage
      pipe: {use: CheckEscalations}
"""
BROKEN = SOUND + "      tagz: [a]\n"


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended. No command of a user's ends with a traceback."""

    status: int
    out: str
    err: str

    def __post_init__(self) -> None:
        assert "Traceback" not in self.err, self.err
        assert "OTC9" not in self.err, self.err


def otac(
    *arguments: str | Path, cwd: Path, input: str = "", timeout: float = 60, **env: str
) -> Finished:
    """Run `otac` to its end. `env` is added to the environment."""
    run = subprocess.run(
        [OTAC, *arguments],
        cwd=cwd,
        env={**os.environ, **env},
        input=input,
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    return Finished(run.returncode, run.stdout, run.stderr)


def without_times(text: str) -> str:
    """The text with `0.0 s` for each duration."""
    return re.sub(r"\d+\.\d s", "0.0 s", text)
