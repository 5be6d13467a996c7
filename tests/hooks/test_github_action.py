"""`action.yml`: its steps, run one after the other as GitHub's runner does."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from programs import ROOT, on_path, tool

from otac.local.home import Home
from otac.local.ports import free_port
from otac.local.server import PrefectServer

_ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


@dataclass
class Job:
    """A runner's environment; `run` does the steps of the action with these inputs."""

    folder: Path
    api: str = "http://127.0.0.1:9"
    pull_request: str = ""
    summary: Path = field(init=False)

    def __post_init__(self) -> None:
        self.summary = self.folder.parent / "summary.md"
        self.summary.touch()

    def run(self, *, without: str = "Install", **inputs: str) -> list[tuple[str, int]]:
        """Names and statuses of the steps, up to the first that fails."""
        self.log = ""
        given = {name: one["default"] for name, one in _ACTION["inputs"].items()}
        assert inputs.keys() <= {name.replace("-", "_") for name in given}
        given |= {name.replace("_", "-"): text for name, text in inputs.items()}
        values = {f"inputs.{name}": text for name, text in given.items()}
        values |= {
            "github.action_path": str(ROOT),
            "github.token": "secret-token",
            "github.event.pull_request.number": self.pull_request,
        }
        ended = []
        for step in _ACTION["runs"]["steps"]:
            if "run" not in step or step["name"] == without:
                continue
            assert step["shell"] == "bash"
            assert "${{" not in step["run"], "values belong into the environment"
            status = self._step(step, values)
            ended.append((step["name"], status))
            if status:
                break
        return ended

    def _step(self, step: dict[str, Any], values: dict[str, str]) -> int:
        given = {name: _filled(str(one), values) for name, one in step["env"].items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env={
                **on_path(),
                "RUNNER_TEMP": str(self.folder.parent),
                "GITHUB_STEP_SUMMARY": str(self.summary),
                "GITHUB_REPOSITORY": "acme/helpdesk",
                "GITHUB_API_URL": self.api,
                **given,
            },
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        self.log += done.stdout + done.stderr
        return done.returncode


def _filled(text: str, values: dict[str, str]) -> str:
    """An unknown name is a fault of the action."""
    for _ in range(2):
        text = re.sub(r"\$\{\{ (\S+) \}\}", lambda found: values[found[1]], text)
    return text


@dataclass
class Comments:
    """GitHub's comments on issues, as its REST API has them: two pages of earlier ones."""

    url: str = ""
    status: int = 200
    bodies: dict[int, str] = field(
        default_factory=lambda: dict.fromkeys(range(120), "somebody's")
    )

    def answer(self, method: str, path: str, body: str) -> object:
        if method == "PATCH":
            self.bodies[int(path.rsplit("/", 1)[-1])] = body
        elif method == "POST":
            self.bodies[len(self.bodies)] = body
        page = int(path.rsplit("=", 1)[-1]) if "page=" in path else 1
        listed = [{"id": key, "body": text} for key, text in self.bodies.items()]
        return listed[(page - 1) * 100 : page * 100] if method == "GET" else {}


@pytest.fixture
def comments() -> Iterator[Comments]:
    kept = Comments()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            assert self.headers["Authorization"] == "Bearer secret-token"
            assert "/repos/acme/helpdesk/issues/" in self.path
            length = int(self.headers.get("Content-Length") or 0)
            sent = json.loads(self.rfile.read(length) or b"{}")
            answer = kept.answer(self.command, self.path, sent.get("body", ""))
            self.send_response(kept.status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_GET = do_POST = do_PATCH = _any

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    with (home / "server.log").open("wb") as output:
        server = PrefectServer(Home(home), free_port(), output, services=False)
    with server:
        assert server.wait_until_healthy(home / "server.log") is None
        yield server.api.url


@pytest.mark.slow
def test_github_knows_all_its_keys() -> None:
    schema = ("--builtin-schema", "vendor.github-actions")
    tool("check-jsonschema", *schema, "action.yml")


def test_a_sound_project_passes(project: Path) -> None:
    assert Job(project).run() == [
        ("Check", 0),
        ("Compare the built project", 0),
        ("Test", 0),
        ("Plan", 0),
    ]


def test_a_mistake_is_an_annotation(project: Path) -> None:
    config = project / "config.yml"
    config.write_text(config.read_text("utf-8") + "orchestratr: {}\n", "utf-8")
    job = Job(project)
    assert job.run() == [("Check", 1)]
    assert "::error title=OTC202,file=config.yml,line=" in job.log


def test_a_project_that_was_not_built_fails(project: Path) -> None:
    (project / "prefect.yaml").unlink()
    assert Job(project).run()[-1] == ("Compare the built project", 1)


def test_a_project_without_tests_says_so(project: Path) -> None:
    for file in (project / "tests").iterdir():
        file.unlink()
    assert Job(project).run()[-1] == ("Test", 1)
    assert Job(project).run(test="false")[-1] == ("Plan", 0)


@pytest.mark.slow
def test_the_plan_is_one_comment(
    project: Path, comments: Comments, prefect: str
) -> None:
    job = Job(project, comments.url, pull_request="7")
    assert job.run(test="false", prefect_api_url=prefect)[-1] == ("Plan", 0)
    assert len(comments.bodies) == 121
    assert "+ deployment ticket_processor: create" in comments.bodies[120]
    assert "+ deployment ticket_processor: create" in job.summary.read_text("utf-8")
    # The next plan replaces it.
    comments.bodies[120] = comments.bodies[120].replace("create", "earlier")
    assert job.run(test="false", prefect_api_url=prefect)[-1] == ("Plan", 0)
    assert len(comments.bodies) == 121
    assert "+ deployment ticket_processor: create" in comments.bodies[120]


@pytest.mark.slow
def test_a_refused_comment_fails_nothing(
    project: Path, comments: Comments, prefect: str
) -> None:
    comments.status = 403
    job = Job(project, comments.url, pull_request="7")
    assert job.run(test="false", prefect_api_url=prefect)[-1] == ("Plan", 0)
    assert "::notice title=otac plan::the comment was not written" in job.log
    assert "+ deployment ticket_processor" in job.summary.read_text("utf-8")


def test_a_server_that_does_not_answer_fails(project: Path) -> None:
    job = Job(project)
    ended = job.run(test="false", prefect_api_url="http://127.0.0.1:9/api")
    assert ended[-1] == ("Plan", 3)
    assert "OTC531" in job.log
