"""The compose file, as `docker compose` itself reads it."""

import json
from typing import Any

import pytest
import yaml
from container_project import CONFIG, ODD_POOL, VALUES, Project, compose, services

from otac import __version__

JOBS = {"migrate", "pools", "deploy"}
WORKERS = {"worker-default": "default", "worker-helpdesk-password-home": ODD_POOL}
GRACE = {"worker-default": 120, "worker-helpdesk-password-home": 360}


@pytest.fixture(scope="module")
def stack(built: Project) -> dict[str, Any]:
    return services(built.folder)


def _command(service: dict[str, Any]) -> list[str]:
    """What the container runs: compose has escaped what it prints."""
    return [word.replace("$$", "$") for word in service["command"]]


def _waits_for(service: dict[str, Any]) -> dict[str, str]:
    return {
        name: how["condition"].removeprefix("service_")
        for name, how in service.get("depends_on", {}).items()
    }


def test_what_there_is(stack: dict[str, Any]) -> None:
    assert set(stack) == {"postgres", "redis", "server", "services", *JOBS, *WORKERS}


def test_who_waits_for_whom(stack: dict[str, Any]) -> None:
    stores = {"postgres": "healthy", "redis": "healthy"}
    migrated = {**stores, "migrate": "completed_successfully"}
    assert {name: _waits_for(service) for name, service in stack.items()} == {
        "postgres": {},
        "redis": {},
        "migrate": {"postgres": "healthy"},
        "server": migrated,
        "services": migrated,
        "pools": {"server": "healthy"},
        "deploy": {"server": "healthy", "pools": "completed_successfully"},
        **{
            name: {"server": "healthy", "deploy": "completed_successfully"}
            for name in WORKERS
        },
    }
    # Whoever is waited for until he is healthy can be asked.
    for service in stack.values():
        for name, how in _waits_for(service).items():
            assert ("healthcheck" in stack[name]) == (how == "healthy")


def test_what_goes_on_restarts_and_what_ends_does_not(stack: dict[str, Any]) -> None:
    for name, service in stack.items():
        assert service.get("restart") == (None if name in JOBS else "unless-stopped")
        assert service["logging"] == {
            "driver": "json-file",
            "options": {"max-size": "10m", "max-file": "5"},
        }


def test_one_image_is_built_once(stack: dict[str, Any]) -> None:
    ours = {n: s for n, s in stack.items() if n not in {"postgres", "redis"}}
    assert {service["image"] for service in ours.values()} == {"help-desk-24x7:local"}
    assert [name for name, service in ours.items() if "build" in service] == ["migrate"]
    for service in ours.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    for name in ("postgres", "redis"):
        assert stack[name]["image"].startswith(f"{name}:")
        assert "latest" not in stack[name]["image"]


def test_an_image_of_a_registry(built: Project) -> None:
    done = compose(built.folder, **VALUES, OTAC_IMAGE="registry.example/desk:7")
    assert done.stdout.count('"image": "registry.example/desk:7"') >= 7


def test_each_pool_has_its_worker(stack: dict[str, Any]) -> None:
    for name, pool in WORKERS.items():
        worker = stack[name]
        assert _command(worker) == [
            *("otac", "worker", "start", f"--pool={pool}"),
            f"--grace={GRACE[name]}",
            "--with-healthcheck",
        ]
        assert worker["deploy"]["replicas"] == 1
        (volume,) = worker["volumes"]
        assert (volume["source"], volume["target"]) == (
            "results",
            worker["environment"]["PREFECT_LOCAL_STORAGE_PATH"],
        )
    # The resident runner's window of five minutes, and the minute after it; a minute more
    # to end what runs longer.
    assert {name: stack[name]["stop_grace_period"] for name in WORKERS} == {
        "worker-default": "3m0s",
        "worker-helpdesk-password-home": "7m0s",
    }
    assert _command(stack["pools"])[3:] == ["pools", "default", ODD_POOL]


def test_credentials_come_from_the_environment_alone(built: Project) -> None:
    for name in VALUES:
        done = compose(built.folder, **{k: v for k, v in VALUES.items() if k != name})
        assert done.returncode != 0
        assert f"required variable {name} is missing" in done.stderr
    for path, content in built.files().items():
        for line in content.decode().splitlines():
            if "PASSWORD" in line and "=" in line and not path.startswith("generated"):
                assert "${" in line or line.endswith("=") or "--pool=" in line, path


def test_who_knows_what(stack: dict[str, Any]) -> None:
    """The helpdesk's password is for runs, that of the database for the server."""
    runs = {"deploy", *WORKERS}
    for name, service in stack.items():
        environment = service.get("environment", {})
        assert ("HELPDESK_PASSWORD" in environment) == (name in runs)
        assert ("ACME_WORD" in environment) == (name in runs)
        holds = any(
            value == VALUES["POSTGRES_PASSWORD"].replace("$", "$$")
            for value in environment.values()
        )
        assert holds == (name in {"postgres", "migrate", "server", "services"})
    worker = stack["worker-default"]["environment"]
    assert worker["HELPDESK_PASSWORD"].replace("$$", "$") == VALUES["HELPDESK_PASSWORD"]
    # Has a default: handed on only where it is set.
    assert worker["HELPDESK_URL"] is None
    for name in (
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY",
        "PREFECT_RUNNER_HEARTBEAT_FREQUENCY",
    ):
        assert worker[name] == "30"
        # Else it would make no automations that look for lost runs.
        assert stack["deploy"]["environment"][name] == "30"
    assert stack["server"]["environment"]["PYTHONTZPATH"] == ""
    for service in stack.values():
        if "PREFECT_API_URL" in service.get("environment", {}):
            assert service["environment"]["PREFECT_API_URL"] == "http://server:4200/api"


def test_who_is_reached_from_where(stack: dict[str, Any]) -> None:
    assert {n for n, s in stack.items() if "backend" in s["networks"]} == {
        *("postgres", "redis", "migrate", "server", "services")
    }
    assert {n for n, s in stack.items() if "default" not in s["networks"]} == {
        *("postgres", "redis", "migrate")
    }
    published = {n: s["ports"] for n, s in stack.items() if s.get("ports")}
    assert set(published) == {"server"}
    (port,) = published["server"]
    assert (port["host_ip"], port["published"], port["target"]) == (
        *("127.0.0.1", "4200"),
        4200,
    )


def test_the_example_of_the_environment_holds_names_only(built: Project) -> None:
    lines = built.read(".env.example").splitlines()
    set_there = [line for line in lines if line and not line.startswith("#")]
    assert set_there == ["POSTGRES_PASSWORD=", "ACME_WORD=", "HELPDESK_PASSWORD="]
    assert "#HELPDESK_URL=" in lines


def test_a_project_without_a_name_is_called_like_its_folder(
    built: Project, tmp_path: Any
) -> None:
    project = Project(tmp_path / "sales-desk")
    project.write(built.read("config.yml").replace('name: "Help Desk: 24x7"', "{}"))
    text = project.folder / "config.yml"
    text.write_text(text.read_text().replace("prefect:\n  {}", "prefect: {}"))
    done = project.build("--docker")
    assert done.status == 0, done.err
    assert "name" not in yaml.safe_load(project.read("compose.yml"))
    assert services(project.folder)["server"]["image"] == "sales-desk:local"


def test_workers_reach_postgres_where_their_claims_are(tmp_path: Any) -> None:
    project = Project(tmp_path / "claims")
    project.write(
        CONFIG.replace("    username: agent\n", '    claims: "{{ env.CLAIMS_URL }}"\n')
    )
    done = project.build("--docker")
    assert done.status == 0, done.err
    assert f"otac[postgres,prefect]=={__version__}\n" in project.read(
        "docker/packages.txt"
    )
    assert "\nCLAIMS_URL=\n" in project.read(".env.example")
    read = compose(project.folder, **VALUES, CLAIMS_URL="postgresql://h/d")
    assert (read.returncode, read.stderr) == (0, "")
    stack = json.loads(read.stdout)["services"]
    for name in WORKERS:
        worker = stack[name]
        assert set(worker["networks"]) == {"default", "backend"}
        assert _waits_for(worker)["postgres"] == "healthy"
