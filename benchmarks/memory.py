"""The memory of each process of a stack: server, services, worker, and one run.

`python -m benchmarks.memory`; Linux alone. Memory is the proportional set size: what
processes share is divided among them, so that figures add up.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from otac.local.descendants import descendants
from otac.local.ports import free_port

_BIN = Path(sys.executable).parent
_ROOT = Path(__file__).parents[1]
_PATIENCE = 180.0


def main() -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        port = free_port()
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")},
            "PREFECT_HOME": str(folder / "home"),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "DO_NOT_TRACK": "1",
        }
        for file in ("config.yml", "helpdesk.yml"):
            (folder / file).write_bytes((_ROOT / file).read_bytes())

        def started(*command: str) -> int:
            return stack.enter_context(process(command, folder, environment))

        def asked(path: str, body: object = None) -> Any:
            return ask(f"{environment['PREFECT_API_URL']}/{path}", body)

        server = started(
            *("prefect", "server", "start", "--no-services", "--port", str(port))
        )
        until(lambda: asked("health"))
        services = started("prefect", "server", "services", "start")
        for command in (
            ("prefect", "work-pool", "create", "default", "--type", "process"),
            ("otac", "build", "config.yml"),
            ("otac", "deploy", "config.yml", "--yes"),
        ):
            run(command, folder, environment)
        worker = started("prefect", "worker", "start", "--pool=default")
        time.sleep(20)
        print(f"server    {megabytes(server):4.0f} MB")
        print(f"services  {megabytes(services):4.0f} MB")
        idle = megabytes(worker)
        print(f"worker    {idle:4.0f} MB")
        name = "ticket_processor"
        deployment = asked(f"deployments/name/{name}/{name}")["id"]
        flow_run = asked(
            f"deployments/{deployment}/create_flow_run",
            {"state": {"type": "SCHEDULED"}},
        )["id"]
        most = 0.0
        deadline = time.monotonic() + _PATIENCE
        while asked(f"flow_runs/{flow_run}")["state_type"] != "COMPLETED":
            most = max(most, megabytes(worker))
            assert time.monotonic() < deadline, "the run does not end"
            time.sleep(0.1)
        print(f"one run   {most - idle:4.0f} MB at most, of {name}")


def megabytes(root: int) -> float:
    """What a process and its descendants have."""
    return sum(_proportional(one) for one in (root, *descendants(root)))


def _proportional(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    lines = (line.split() for line in text.splitlines())
    return sum(int(line[1]) for line in lines if line[0] == "Pss:") / 1024


@contextmanager
def process(
    command: tuple[str, ...], folder: Path, environment: dict[str, str]
) -> Iterator[int]:
    process = subprocess.Popen(
        [str(_BIN / command[0]), *command[1:]],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def run(command: tuple[str, ...], folder: Path, environment: dict[str, str]) -> None:
    subprocess.run(
        [str(_BIN / command[0]), *command[1:]],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


def ask(address: str, body: object = None) -> Any:
    """What the API answers; SQLite that is busy has Prefect answer 503, and nothing is done."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data, {"Content-Type": "application/json"})
    for patience in (1, 5, 20, None):
        try:
            with urlopen(request, timeout=60) as response:
                return json.load(response)
        except HTTPError as error:
            if error.code != 503 or patience is None:
                raise
            time.sleep(patience)
    return None


def until(look: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            look()
            return
        except URLError:
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.3)


if __name__ == "__main__":
    main()
