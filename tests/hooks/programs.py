"""Programs that run what the repository offers to CI servers."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def on_path() -> dict[str, str]:
    """The environment of a shell that finds the `otac` and `python` of these tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {**kept, "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}


def tool(*command: str, cwd: Path = ROOT, status: int = 0) -> str:
    """What a tool of requirements/hooks.txt prints, in an environment of its own."""
    pins = (ROOT / "requirements" / "hooks.txt").read_text("utf-8").split()
    (pin,) = (one for one in pins if one.startswith(f"{command[0]}=="))
    done = subprocess.run(
        [sys.executable, "-m", "uv", "-q", "tool", "run", "--from", pin, *command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout
