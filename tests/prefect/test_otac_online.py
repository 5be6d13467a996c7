"""`otac check --online` and a real Prefect server."""

from pathlib import Path

import pytest
from server_process import Server

from command import Finished, otac

CONFIG = """\
services: {{helpdesk: {{use: SqliteTicketSystem, params: {{path: helpdesk.db}}}}}}
orchestrator:
  runners:
    - pipe_id: triage
      work_pool: {pool}
      work_queue: {queue}
      pipe: {{use: CheckEscalations}}
"""


@pytest.fixture(scope="module")
def pools(server: Server) -> Server:
    """A server with a pool for each thing that can be wrong."""
    for name, paused in (("idle", False), ("halted", True), ("attended", False)):
        server.post("work_pools/", name=name, type="process", is_paused=paused)
    server.post("work_pools/", name="remote", type="ecs:push")
    server.post("work_pools/attended/queues", name="slow", is_paused=True)
    server.post("work_pools/attended/workers/heartbeat", name="a worker")
    server.post("work_pools/halted/workers/heartbeat", name="a worker")
    return server


def check(server: Server, folder: Path, pool: str, queue: str = "default") -> Finished:
    config = CONFIG.format(pool=pool, queue=queue)
    (folder / "config.yml").write_text(config, encoding="utf-8")
    command = ("check", "config.yml", "--online", "--format", "concise")
    return otac(*command, cwd=folder, timeout=300, PREFECT_API_URL=server.url)


@pytest.mark.parametrize(
    ("pool", "queue", "status", "said"),
    [
        ("attended", "default", 0, "config.yml is fine"),
        ("remote", "default", 0, "config.yml is fine"),
        (
            "idle",
            "default",
            0,
            "OTC585 warning: no worker works for pool `idle`: none of its runs starts",
        ),
        (
            "halted",
            "default",
            0,
            "OTC547 warning: work pool `halted` is paused: none of its runs starts",
        ),
        (
            "attended",
            "slow",
            0,
            (
                "OTC547 warning: work queue `attended/slow` is paused: none of its runs"
                " starts"
            ),
        ),
        (
            "nowhere",
            "default",
            3,
            "OTC535 there is no work pool `nowhere`, which `triage` would run in",
        ),
    ],
)
def test_each_pool(
    pools: Server, tmp_path: Path, pool: str, queue: str, status: int, said: str
) -> None:
    done = check(pools, tmp_path, pool, queue)
    first = done.err.splitlines()[0]
    place = "" if said.startswith("config") else "config.yml:4:16: "
    assert (done.status, first) == (status, place + said)


def test_a_server_that_is_not_there(pools: Server, tmp_path: Path) -> None:
    config = CONFIG.format(pool="idle", queue="default")
    (tmp_path / "config.yml").write_text(config, encoding="utf-8")
    url = "http://127.0.0.1:9/api"
    done = otac(
        "check",
        "config.yml",
        "--online",
        cwd=tmp_path,
        timeout=300,
        PREFECT_API_URL=url,
    )
    assert done.status == 3
    assert f"error[OTC531]: the Prefect server at {url} does not answer" in done.err
