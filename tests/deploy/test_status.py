"""`otac status` on what a server says; a real one is asked in tests/prefect."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from stand_in import Serve

from command import SOUND, otac

_FLOW = "11111111-1111-1111-1111-111111111111"
_DEPLOYMENT = "22222222-2222-2222-2222-222222222222"
_MESSAGE = "step `fetch` failed: HTTP 500 [runner `triage`, config.yml:5]"


def _run(state: str, minutes: float, message: str = "") -> dict[str, Any]:
    at = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()
    return {
        "id": "33333333-3333-3333-3333-333333333333",
        "name": "brave-owl",
        "deployment_id": _DEPLOYMENT,
        "flow_id": _FLOW,
        "state": {"name": state.title(), "type": state, "message": message}
        | {"timestamp": at},
        "total_run_time": 3.2,
        "next_scheduled_start_time": None,
    }


class _Lived:
    """A server on which `triage` has failed, is late, and has no worker."""

    def __init__(self, ui: bool = True, paused: bool = False) -> None:
        self.ui = ui
        self.paused = paused

    def __call__(self, method: str, path: str, body: Any) -> tuple[int, Any] | None:
        late = _run("SCHEDULED", 0)
        when = datetime.now(UTC) - timedelta(minutes=10, seconds=5)
        late["next_scheduled_start_time"] = when.isoformat()
        match path:
            case "/flows/filter":
                return 200, [{"id": _FLOW, "name": "triage"}]
            case "/deployments/filter":
                labels = {"otac.project": "desk"}
                ours = {"id": _DEPLOYMENT, "name": "triage", "flow_id": _FLOW}
                more = {"work_pool_name": "default", "paused": self.paused}
                gone = {"id": "4", "name": "gone", "flow_id": "5", "labels": labels}
                other = {"id": "6", "name": "x", "flow_id": "7"}
                foreign = {**other, "labels": {"otac.project": "another"}}
                return 200, [{**ours, **more, "labels": labels}, gone, foreign]
            case "/ui/flows/next-runs" if self.ui:
                return 200, {_FLOW: late}
            case "/flow_runs/filter":
                wanted = body["flow_runs"]["state"]["type"]["any_"]
                if wanted == ["SCHEDULED"]:
                    return 200, [late]
                return 200, [_run("FAILED", 4.5, _MESSAGE)]
            case "/work_pools/filter":
                return 200, [{"name": "default", "type": "process"}]
            case "/work_pools/default/workers/filter":
                beat = (datetime.now(UTC) - timedelta(hours=2.5)).isoformat()
                worker = {"name": "w", "status": "OFFLINE"}
                return 200, [{**worker, "last_heartbeat_time": beat}]
        return None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = "prefect: {name: desk}\n" + SOUND.replace(
        "    - pipe_id: triage\n",
        "    - {pipe_id: report, pipe: {use: CheckEscalations}}\n"
        "    - pipe_id: triage\n",
    )
    (tmp_path / "config.yml").write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize("ui", [True, False], ids=["server", "cloud"])
def test_what_an_administrator_looks_for_is_on_one_screen(
    folder: Path, serve: Serve, ui: bool
) -> None:
    """The output need not be built, and where there are no answers for the user
    interface, the next runs are asked for one by one."""
    server = serve(_Lived(ui=ui))
    done = otac("status", cwd=folder, PREFECT_API_URL=server.url)
    assert (done.status, done.err) == (0, "")
    assert done.out == (
        f"{server.url} (from the environment), project `desk`\n"
        "\n"
        "  RUNNER  LAST RUN                    NEXT RUN     FAILED IN 24 H\n"
        "  report  not deployed\n"
        "  triage  Failed 4 min ago, took 3 s  10 min late  1\n"
        "\n"
        "failures:\n"
        "  triage  config.yml:5: step `fetch` failed: HTTP 500\n"
        "\n"
        "workers:\n"
        "  default  none alive, so its runs wait; last sign of life 2 h ago\n"
        "\n"
        "no longer in the configuration: gone (`otac deploy --prune`)\n"
    )
    assert [one for one in server.writes if "next-runs" not in one[1]] == []


def test_programs_get_the_same(folder: Path, serve: Serve) -> None:
    server = serve(_Lived(paused=True))
    done = otac("status", "--format", "json", cwd=folder, PREFECT_API_URL=server.url)
    told = json.loads(done.out)
    assert (told["server"], told["project"]) == (server.url, "desk")
    report, triage = told["runners"]
    assert (report["runner"], report["deployed"], report["last_run"]) == (
        "report",
        False,
        None,
    )
    assert (triage["failures_in_24_hours"], triage["paused"]) == (1, True)
    assert triage["last_failure"]["place"] == "config.yml:5"
    assert triage["last_run"]["type"] == "FAILED"
    (pool,) = told["work_pools"]
    assert (pool["name"], pool["workers_alive"]) == ("default", 0)
    assert told["orphaned"] == ["gone"]


def test_the_page_of_a_project_has_it_beside_its_runners(
    folder: Path, serve: Serve
) -> None:
    server = serve(_Lived())
    command = ("graph", "config.yml", "--format", "html", "--live")
    done = otac(*command, cwd=folder, PREFECT_API_URL=server.url)
    assert (done.status, done.err) == (0, "")
    failed = "Failed 4 min ago, took 3 s: config.yml:5: step `fetch` failed: HTTP 500"
    assert f'triage <small class="bad">{failed}</small>' in done.out
    assert 'report <small class="plain">not deployed</small>' in done.out
    assert "next run: 10 min late" in done.out
    assert "1 failed in 24 hours" in done.out
    assert f"runs as {server.url} knew them at <time" in done.out
    assert [one for one in server.writes if "next-runs" not in one[1]] == []


def test_a_selection_is_all_that_is_shown(folder: Path, serve: Serve) -> None:
    server = serve(_Lived())
    url = server.url
    done = otac("status", "--select", "rep*", cwd=folder, PREFECT_API_URL=url)
    assert "report" in done.out
    assert "triage" not in done.out
    done = otac("status", "--select", "triag", cwd=folder, PREFECT_API_URL=url)
    assert (done.status, done.out) == (2, "")
    assert "did you mean `triage`?" in done.err


def test_no_server_is_a_diagnostic(folder: Path) -> None:
    done = otac("status", cwd=folder, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert (done.status, done.out) == (3, "")
    assert "error[OTC531]" in done.err


@pytest.mark.parametrize(
    "answer",
    [[{"id": 1, "state": None}], {"a": 1}, [7], [{"deployment_id": []}], None],
)
def test_an_answer_of_another_kind_is_the_servers_fault(
    folder: Path, serve: Serve, answer: Any
) -> None:
    lived = _Lived()

    def strange(method: str, path: str, body: Any) -> tuple[int, Any] | None:
        if path == "/flow_runs/filter":
            return 200, answer
        return lived(method, path, body)

    server = serve(strange)
    done = otac("status", cwd=folder, PREFECT_API_URL=server.url)
    assert (done.status, done.out) == (3, "")
    assert "error[OTC531]" in done.err
