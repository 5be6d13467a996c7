"""`otac deploy` against `prefect deploy --all`, from the same files to the same server.

`python -m benchmarks.deploy` prints the rows of `make bench` that are about it, and what an
interval costs Prefect's server each time it reads or writes one.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

from benchmarks.row import Row
from otac.local.ports import free_port

_BIN = Path(sys.executable).parent
_RUNNER = """\
    - pipe_id: {name}_{number}
      interval_seconds: 1h
      active: false
      pipe: {{use: Expression, expression: "{{{{ {number} }}}}"}}
"""
# What the server makes of each deployment's schedule that it reads or answers with.
_READ = """
import time, datetime
from prefect.server.schemas.schedules import IntervalSchedule
begin = time.perf_counter()
for _ in range(500):
    IntervalSchedule(interval=datetime.timedelta(hours=1))
print((time.perf_counter() - begin) * 1000 / 500)
"""
# With `prefect server start` as it is, and as `otac build --docker` sets it up: Prefect lists
# all time zones for each interval, here from one package.
_SERVERS: dict[str, dict[str, str]] = {
    "": {},
    ", PYTHONTZPATH=": {"PYTHONTZPATH": ""},
}


def deploying() -> list[Row]:
    """Each kind of server in turn."""
    return [
        replace(row, what=row.what + name)
        for name, settings in _SERVERS.items()
        for row in _deploying(settings)
    ]


def _deploying(settings: dict[str, str]) -> list[Row]:
    """Prefect's way first, on a server that has nothing yet of either."""
    with (
        tempfile.TemporaryDirectory() as name,
        server(Path(name), settings) as environment,
    ):
        theirs = _project(Path(name) / "theirs", "theirs", 100)
        ours = _project(Path(name) / "ours", "ours", 100)
        first = _prefect(theirs, environment)
        again = _prefect(theirs, environment)
        rows = [
            _row("first `otac deploy` of 100", _otac(ours, environment), first, 0.25),
            _row("unchanged, 100", _otac(ours, environment), again, 0.06),
        ]
        many = _project(Path(name) / "many", "many", 500)
        _otac(many, environment)
        unchanged = _otac(many, environment)
        planned = _seconds(["otac", "plan", "config.yml"], many, environment)
        rows += [
            _row("unchanged, 500", unchanged, _prefect(many, environment), 0.03),
            Row("`otac plan` of 500", planned, 2, "", " s"),
        ]
        return rows


def _row(what: str, ours: float, theirs: float, limit: float) -> Row:
    return Row(f"{what}, wall", ours / theirs, limit, "`prefect deploy --all`")


def _otac(folder: Path, environment: dict[str, str]) -> float:
    return _seconds(["otac", "deploy", "config.yml", "--yes"], folder, environment)


def _prefect(folder: Path, environment: dict[str, str]) -> float:
    return _seconds(["prefect", "deploy", "--all"], folder, environment)


def _seconds(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(
        [_BIN / command[0], *command[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - start


def _project(folder: Path, name: str, count: int) -> Path:
    """A built project of so many runners."""
    folder.mkdir()
    runners = "".join(_RUNNER.format(name=name, number=one) for one in range(count))
    text = f"prefect: {{name: {name}}}\norchestrator:\n  runners:\n{runners}"
    (folder / "config.yml").write_text(text, encoding="utf-8")
    subprocess.run([_BIN / "otac", "build", "-q", "config.yml"], cwd=folder, check=True)
    return folder


@contextmanager
def server(folder: Path, settings: dict[str, str]) -> Iterator[dict[str, str]]:
    """A server on SQLite with a work pool; yields the environment that leads to it."""
    port = free_port()
    home = folder / "home"
    home.mkdir()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")},
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_CLI_PROMPT": "false",
    }
    prefect = _BIN / "prefect"
    command = [str(prefect), "server", "start", "--no-ui", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment | settings, stdout=log, stderr=log
        )
    try:
        _wait(f"{environment['PREFECT_API_URL']}/health")
        pool = [str(prefect), "work-pool", "create", "default", "--type", "process"]
        subprocess.run(pool, env=environment, check=True, capture_output=True)
        yield environment
    finally:
        process.terminate()
        process.wait()


def _milliseconds_of_an_interval(settings: dict[str, str]) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _READ],
        env=os.environ | settings,
        capture_output=True,
        check=True,
    )
    return float(done.stdout)


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


if __name__ == "__main__":
    for name, settings in _SERVERS.items():
        print(f"an interval{name}: {_milliseconds_of_an_interval(settings):.2f} ms")
        for row in _deploying(settings):
            print(f"{row.what}{name}: {row.value:.3f}{row.unit} ({row.limit:g})")
