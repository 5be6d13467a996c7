"""The jobs of a compose file, run as what they are, on a real server."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from server_process import Server

pytestmark = pytest.mark.slow

POOL = 'night $(id) "shift"'
CONFIG = """\
services: {{helpdesk: {{use: SqliteTicketSystem, path: helpdesk.db}}}}
orchestrator:
  runners:
    - pipe_id: contained
      interval_seconds: 3600
      work_pool: {pool}
      job_variables: {{env: {{ACME: "1"}}, stream_output: false}}
      pipe: {{use: CheckEscalations}}
    - pipe_id: contained_elsewhere
      interval_seconds: 3600
      work_pool: contained
      pipe: {{use: CheckEscalations}}
"""


def _command(folder: Path, service: str) -> list[str]:
    """What the container would run; compose takes `$$` for a dollar sign."""
    services = yaml.safe_load((folder / "compose.yml").read_text())["services"]
    return [word.replace("$$", "$") for word in services[service]["command"]]


def _pool(server: Server, name: str) -> dict[str, Any]:
    (pool,) = (one for one in server.post("work_pools/filter") if one["name"] == name)
    return dict(pool)


def test_pools_deployments_and_a_run(server: Server, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(CONFIG.format(pool=json.dumps(POOL)))
    server.run(tmp_path, "otac", "build", "config.yml", "--docker", "--kubernetes")
    shell, *pools = _command(tmp_path, "pools")
    assert shell == "sh"
    deploy = _command(tmp_path, "deploy")
    worker = _command(tmp_path, "worker-night-id-shift")
    assert worker[3] == f"--pool={POOL}"

    _shell(server, tmp_path, pools)
    template = json.loads((tmp_path / "docker" / "pool.json").read_text())
    for name in (POOL, "contained"):
        pool = _pool(server, name)
        assert (pool["type"], pool["base_job_template"]) == ("process", template)
    server.run(tmp_path, *deploy)
    first = server.deployment("contained")
    assert first["work_pool_name"] == POOL

    # Started again: what the operator did stays, what is ours is put back.
    server.patch("work_pools/contained", is_paused=True, concurrency_limit=7)
    changed = json.loads(json.dumps(template))
    changed["variables"]["properties"]["stream_output"]["default"] = False
    server.patch("work_pools/contained", base_job_template=changed)
    assert _pool(server, "contained")["base_job_template"] == changed
    _shell(server, tmp_path, pools)
    pool = _pool(server, "contained")
    assert (pool["is_paused"], pool["concurrency_limit"]) == (True, 7)
    assert pool["base_job_template"] == template
    server.run(tmp_path, *deploy)
    assert server.deployment("contained")["updated"] == first["updated"]

    started = server.start(tmp_path, *worker)
    try:
        assert server.ended(server.run_now("contained"))["state_name"] == "Completed"
    finally:
        started.end()

    # In an image that lacks a file of otac's, nothing is announced.
    (tmp_path / "docker" / "pool.json").unlink()
    with pytest.raises(AssertionError, match="OTC408"):
        server.run(tmp_path, *deploy)


def _shell(server: Server, folder: Path, words: list[str]) -> None:
    """Runs the pools' script with the programs of this environment first in the path."""
    binaries = Path(sys.executable).parent
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", *words],
        cwd=folder,
        env={**server.environment, "PATH": path},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
