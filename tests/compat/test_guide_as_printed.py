"""The guide, followed in an empty folder with uv alone, each block as it is printed."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

import pytest

import guide
from background import PATIENCE, Background, until
from otac.local.ports import free_port
from prefect_api import Api

_ROOT = Path(__file__).parents[2]
# The process of a run that has just ended gets the Ctrl-C, too, and Python tells of it.
_LAST_WORDS = re.compile(
    r"^Exception ignored in: .*\n"
    r"Traceback \(most recent call last\):\n(?: .*\n)+KeyboardInterrupt:? *\n",
    re.MULTILINE,
)
_UV = [sys.executable, "-m", "uv"]


@dataclass(frozen=True, slots=True)
class Fresh:
    """A folder with a project of uv's and the guide's configuration."""

    folder: Path
    environment: dict[str, str]
    url: str

    def command(self, line: str) -> list[str]:
        """A line of the guide as a command: `uv` is the one of the tests."""
        first, *words = shlex.split(line, comments=True)
        assert first == "uv"
        return [*_UV, *words]

    def run(self, line: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(line),
            cwd=self.folder,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def told(self, line: str) -> str:
        """What it prints; it succeeds."""
        done = self.run(line)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def snippet(self, heading: str, *after: str) -> str:
        """What the block prints, run as it is printed; `after` is run behind it."""
        files = self.write(heading, *after)
        return self.told(f"uv run otac-guide {files}")

    def write(self, heading: str, *after: str) -> str:
        texts = [guide.BLOCKS[heading], *after]
        files = [self.folder / f"{number}.py" for number in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, encoding="utf-8")
        return " ".join(file.name for file in files)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    folder = tmp_path_factory.mktemp("helpdesk")
    port = free_port()
    foreign = ("PREFECT_", "PYTHON", "VIRTUAL_ENV", "UV_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
    home = tmp_path_factory.mktemp("home")
    environment = {
        **kept,
        # Others may be at work on this machine.
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    made = Fresh(folder, environment, f"http://127.0.0.1:{port}/api")
    made.told(f"uv init --bare --no-workspace --python {sys.executable}")
    pins = _ROOT / "requirements" / "newest.txt"
    made.told(f"uv add --constraints {pins} {_ROOT / 'compat'}")
    (folder / "config.yml").write_text(guide.BLOCKS["Configuration"], encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def server(fresh: Fresh) -> Iterator[Api]:
    """Started by the guide's line, and made known by the one that Prefect prints."""
    log = fresh.folder / "server.log"
    command = fresh.command(guide.BLOCKS["Start Prefect Server"].splitlines()[1])
    started = Background(command, fresh.folder, log, fresh.environment)
    try:

        def look() -> str | None:
            lines = log.read_text(encoding="utf-8").splitlines()
            found = [one.strip() for one in lines if "prefect config set" in one]
            return found[0] if found else None

        advice = until("what Prefect says of itself", look)
        assert advice.endswith(fresh.url)
        fresh.told(f"uv run {advice}")
        api = Api(fresh.url)
        until("the server", lambda: _healthy(api) or None)
        yield api
    finally:
        started.end()


def _healthy(api: Api) -> bool:
    try:
        return bool(api.get("health"))
    except OSError:
        return False


@pytest.mark.skipif(not guide.PRINTED.exists(), reason="the whole guide is not here")
def test_the_copy_is_the_guide() -> None:
    assert guide.blocks(guide.PRINTED) == guide.BLOCKS


@pytest.mark.slow
class TestPackage:
    def test_nothing_of_that_name_lies_on_the_disk(self, fresh: Fresh) -> None:
        (site,) = (fresh.folder / ".venv" / "lib").glob("python*/site-packages")
        assert (site / "otac_guide.pth").exists()
        assert [*site.glob("open_ticket_ai*")] == []

    def test_an_installed_package_of_that_name_comes_first(
        self, fresh: Fresh, tmp_path: Path
    ) -> None:
        (tmp_path / "open_ticket_ai" / "core").mkdir(parents=True)
        for folder in ("", "core"):
            (tmp_path / "open_ticket_ai" / folder / "__init__.py").touch()
        real = str(tmp_path)
        line = (
            "uv run python -c 'import open_ticket_ai; print(open_ticket_ai.__file__)'"
        )
        assert fresh.run(line, PYTHONPATH=real).stdout.startswith(real)
        line = "uv run python -c 'import open_ticket_ai.core.pipeline'"
        done = fresh.run(line, PYTHONPATH=real)
        assert done.returncode == 1
        assert "otac-guide hides no other package" in done.stderr

    def test_plugins_find_their_own_names_beside_it(self, fresh: Fresh) -> None:
        line = (
            "uv run python -c 'import open_ticket_ai.core.pipeline; "
            "from open_ticket_ai.core.pipes.pipe import Pipe; print(Pipe.__name__)'"
        )
        assert fresh.told(line) == "Pipe\n"

    @pytest.mark.parametrize(
        ("arguments", "status", "said"),
        [
            ("", 2, "usage: otac-guide FILE"),
            ("none.py", 1, "No such file"),
            ("broken.py", 1, "invalid syntax (broken.py, line 1)"),
        ],
    )
    def test_mistakes_are_told(
        self, fresh: Fresh, arguments: str, status: int, said: str
    ) -> None:
        (fresh.folder / "broken.py").write_text("await await\n", encoding="utf-8")
        done = fresh.run(f"uv run otac-guide {arguments}")
        assert done.returncode == status
        assert said in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.slow
class TestGuide:
    """In the order of the guide; what blocks is ended with Ctrl-C."""

    def test_basic_usage_and_the_flow_runs(self, fresh: Fresh, server: Api) -> None:
        snippet = "Basic Usage with PrefectOrchestrator"
        with _blocking(fresh, fresh.write(snippet)) as interrupt:
            _until_served(server, "ticket_processor/ticket_processor")
            run = server.run_now("ticket_processor")
            assert server.ended(run)["state_type"] == "COMPLETED"
            interrupt()
        listed, inspected = [
            line
            for line in guide.BLOCKS["View Flow Runs"].splitlines()
            if line.startswith("uv")
        ]
        # Prefect prints ids in a column that may be too narrow for them.
        assert run[:8] in fresh.told(listed)
        shown = fresh.told(inspected.replace("<flow-run-id>", run))
        assert "Stopped" in shown

    def test_one_time_execution(self, fresh: Fresh, server: Api) -> None:
        assert fresh.snippet("One-Time Execution").endswith("Result: {}\n")

    def test_api_reference(self, fresh: Fresh, server: Api) -> None:
        """`my_pipe` is not in the guide's own configuration: that is what it says."""
        snippet = fresh.write("PrefectOrchestrator")
        with _blocking(fresh, snippet, fails=True) as interrupt:
            _until_served(server, "escalation_checker/escalation_checker")
            interrupt()
        log = (fresh.folder / "blocking.log").read_text(encoding="utf-8")
        assert "otac-guide: there is no runner `my_pipe` in config.yml" in log

    def test_custom_deployment(self, fresh: Fresh, server: Api) -> None:
        name = "execute_scheduled_pipe/custom_processor"
        # Prefect's `serve` ends with the KeyboardInterrupt.
        snippet = fresh.write("Custom Deployments")
        with _blocking(fresh, snippet, fails=True) as interrupt:
            deployment = _until_served(server, name)
            run = server.post(
                f"deployments/{deployment}/create_flow_run",
                idempotency_key="the only one",
                state={"type": "SCHEDULED"},
            )
            assert server.ended(run["id"])["state_type"] == "COMPLETED"
            interrupt()
        log = (fresh.folder / "blocking.log").read_text(encoding="utf-8")
        assert "Traceback" not in _LAST_WORDS.sub("", log)

    def test_what_is_only_defined(self, fresh: Fresh) -> None:
        told = fresh.snippet(
            "Retry Logic", "print(execute_pipe_task.retries, execute_pipe_task.name)"
        )
        assert told == "2 execute_pipe\n"
        told = fresh.snippet(
            "Alerts & Notifications",
            "print(execute_scheduled_pipe_flow.on_failure_hooks[0].__name__)",
        )
        assert told == "send_notification\n"
        told = fresh.snippet("Flexible Scheduling", "print(deployment_params)")
        assert "datetime.timedelta(seconds=300)" in told
        assert "CronSchedule(cron='0 */6 * * *'" in told
        told = fresh.snippet(
            "Integration with Existing Code", "print(type(orchestrator).__name__)"
        )
        assert told == "PrefectOrchestrator\n"


@pytest.mark.slow
def test_the_database_is_reset(fresh: Fresh) -> None:
    """After all others: the guide's server is gone, or starts anew from nothing."""
    reset, restart = [
        line
        for line in guide.BLOCKS["Prefect Server Won't Start"].splitlines()
        if line.startswith("uv")
    ]
    assert restart in guide.BLOCKS["Start Prefect Server"]
    assert "reset" in fresh.told(reset)


@contextmanager
def _blocking(
    fresh: Fresh, files: str, fails: bool = False
) -> Iterator[Callable[[], None]]:
    """A snippet that goes on until Ctrl-C, which the yielded function types."""
    log = fresh.folder / "blocking.log"
    command = fresh.command(f"uv run otac-guide {files}")
    running = Background(command, fresh.folder, log, fresh.environment)

    def interrupt() -> None:
        # A terminal sends it to all in front of it.
        os.killpg(running.pid, signal.SIGINT)

    try:
        yield interrupt
        until("its end", lambda: None if running.status is None else True)
        # After Ctrl-C, uv answers 130 for any failure.
        assert bool(running.status) == fails, log.read_text(encoding="utf-8")
    finally:
        running.end()


def _until_served(server: Api, name: str) -> str:
    """The id of the deployment, once it is registered and not paused."""

    def look() -> str | None:
        try:
            found = server.get(f"deployments/name/{name}")
        except HTTPError:
            return None
        return None if found["paused"] else str(found["id"])

    return until(f"the deployment {name}", look)
