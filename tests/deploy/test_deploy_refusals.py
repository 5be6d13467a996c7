"""What can be wrong with a server or the way to it: a diagnostic each, and status 3."""

import json
from pathlib import Path
from typing import Any

import pytest
from stand_in import Serve, slowly

from command import Finished, otac

KEY = "pnu_k3y-4715"
LOGIN = "admin:pa55-4716"


def _plan(folder: Path, url: str, *options: str, **env: str) -> Finished:
    return _run(folder, url, "plan", "config.yml", *options, **env)


def _deploy(folder: Path, url: str, *options: str, **env: str) -> Finished:
    arguments = ("deploy", "config.yml", "--yes", "--no-import", *options)
    return _run(folder, url, *arguments, **env)


def _run(folder: Path, url: str, *arguments: str, **env: str) -> Finished:
    clean = {
        "PREFECT_API_URL": url,
        "PREFECT_HOME": str(folder / "home"),
        "PREFECT_PROFILES_PATH": "",
        "PREFECT_API_KEY": "",
        "PREFECT_API_AUTH_STRING": "",
    }
    return otac(*arguments, cwd=folder, **{**clean, **env})


def _found(done: Finished, status: int = 3) -> str:
    """The only error."""
    assert (done.status, done.out) == (status, "")
    lines = [line for line in done.err.splitlines() if line.startswith("error[")]
    assert len(lines) == 1, done.err
    return lines[0]


def test_no_server_is_configured(built: Path) -> None:
    for command in (_plan, _deploy):
        assert _found(command(built, "")) == (
            "error[OTC530]: no Prefect server is configured"
        )


def test_nobody_listens(built: Path) -> None:
    done = _plan(built, "http://127.0.0.1:9/api")
    assert _found(done).startswith(
        "error[OTC531]: the Prefect server at http://127.0.0.1:9/api does not answer: "
    )


def test_what_answers_is_no_prefect(built: Path, serve: Serve) -> None:
    server = serve(lambda *_: (200, b"<html>hello</html>"))
    assert "the answer is no JSON, so this is no Prefect API" in _found(
        _plan(built, server.url)
    )


def test_an_answer_takes_too_long(built: Path, serve: Serve) -> None:
    done = _plan(built, serve(slowly(2)).url, PREFECT_API_REQUEST_TIMEOUT="0.2")
    assert "OTC531" in _found(done)
    assert "there was no answer in time" in done.err


@pytest.mark.parametrize("status", [401, 403])
def test_the_credentials_are_refused(built: Path, serve: Serve, status: int) -> None:
    server = serve(lambda *_: (status, {"detail": f"no such key {KEY}"}))
    done = _plan(built, server.url, PREFECT_API_KEY=KEY)
    assert _found(done).endswith(f"refused the credentials: HTTP {status}")
    assert "OTC532" in done.err
    assert KEY not in done.err


def test_credentials_are_sent_and_never_shown(built: Path, serve: Serve) -> None:
    server = serve(lambda *_: (500, {"exception_message": "Internal Server Error"}))
    url = server.url.replace("http://", f"http://{LOGIN}@")
    done = _plan(built, url, PREFECT_API_AUTH_STRING=LOGIN, PREFECT_API_KEY=KEY)
    assert "OTC534" in _found(done)
    assert LOGIN not in done.err
    assert "pa55" not in done.err
    # As Prefect's client has it: the login is stronger than the key.
    assert server.headers[0]["Authorization"].startswith("Basic ")


@pytest.mark.parametrize("version", ["2.20.1", "3.4.19", "4.0.0"])
def test_the_version_is_not_known(built: Path, serve: Serve, version: str) -> None:
    assert _found(_deploy(built, serve(version=version).url)) == (
        f"error[OTC533]: the server runs Prefect {version}, which otac does not know"
    )


@pytest.mark.parametrize("version", ["3.4.20", "3.9.1", "3.10.0"])
def test_the_version_is_known(built: Path, serve: Serve, version: str) -> None:
    assert _plan(built, serve(version=version).url).status == 2


def test_a_busy_server_is_asked_again(built: Path, serve: Serve) -> None:
    busy = [503] * 3

    def answer(method: str, path: str, body: Any) -> tuple[int, Any] | None:
        if path == "/deployments/" and busy:
            return busy.pop(), {"exception_message": "Service Unavailable"}
        return None

    server = serve(answer)
    done = _deploy(built, server.url)
    assert done.status == 0, done.err
    assert server.writes.count(("POST", "/deployments/")) == 4


def test_a_server_that_stays_busy_is_given_up(built: Path, serve: Serve) -> None:
    server = serve(lambda *_: (503, {"exception_message": "Service Unavailable"}))
    assert "HTTP 503" in _found(_plan(built, server.url))
    assert 3 <= len(server.requests) <= 10


def test_an_error_in_the_middle(built: Path, serve: Serve) -> None:
    """What was written is told, and what the server quotes is not."""
    secret = {"loc": ["body", "name"], "msg": "too long", "input": "s3cret"}

    def answer(method: str, path: str, body: Any) -> tuple[int, Any] | None:
        if path == "/work_pools/filter":
            return 200, []
        if path == "/deployments/":
            return 422, {"exception_detail": [secret]}
        return None

    server = serve(answer)
    done = _deploy(built, server.url, "--create-pools")
    assert _found(done).endswith(
        "refused: POST /deployments/: HTTP 422: body.name: too long"
    )
    assert "would be refused again: correct what it says, then run the" in done.err
    assert "s3cret" not in done.err
    assert server.writes == [
        ("POST", "/work_pools/"),
        ("POST", "/flows/"),
        ("POST", "/deployments/"),
    ]


def test_a_value_that_the_server_quotes(built: Path, serve: Serve) -> None:
    detail = "Error creating deployment: <ValidationError: \"'s3cret' is too short\">"

    def answer(method: str, path: str, body: Any) -> tuple[int, Any] | None:
        return (409, {"detail": detail}) if path == "/deployments/" else None

    done = _deploy(built, serve(answer).url)
    assert _found(done).endswith(
        "HTTP 409: Error creating deployment: a value does not fit its schema"
    )
    assert "s3cret" not in done.err


def test_a_server_that_guards_against_forged_requests(
    built: Path, serve: Serve
) -> None:
    tokens: list[str | None] = []

    def answer(method: str, path: str, body: Any) -> tuple[int, Any] | None:
        if path.startswith("/csrf-token?client="):
            return 200, {"token": "t", "expiration": "2030-01-01T00:00:00Z"}
        if method == "POST":
            tokens.append(server.headers[-1].get("Prefect-Csrf-Token"))
            if tokens[-1] != "t":
                return 403, {"detail": "Invalid CSRF token or client identifier."}
        return None

    server = serve(answer)
    assert _deploy(built, server.url).status == 0
    assert tokens[0] is None
    assert set(tokens[1:]) == {"t"}


@pytest.mark.parametrize("url", ["127.0.0.1:4200/api", "http://[::1/api", "http://"])
def test_an_address_that_is_none(built: Path, url: str) -> None:
    assert _found(_plan(built, url)).endswith(
        "PREFECT_API_URL, from the environment, is not an HTTP address"
    )


def test_a_key_with_its_line_end(built: Path) -> None:
    done = _plan(built, "http://127.0.0.1:9/api", PREFECT_API_KEY=f"{KEY}\n")
    assert _found(done).endswith(
        "what is to be sent as `Authorization` is not a line of plain text"
    )
    assert KEY not in done.err


def test_the_address_lacks_its_end(built: Path, serve: Serve) -> None:
    done = _plan(built, serve(lambda *_: (404, {"detail": "Not Found"})).url)
    assert "OTC534" in _found(done)
    assert "it ends in `/api`" in done.err


def test_settings_that_cannot_be_read(built: Path) -> None:
    (built / "prefect.toml").write_text("[api\n", "utf-8")
    assert _found(_plan(built, "")) == (
        "error[OTC546]: Prefect's settings cannot be read: prefect.toml: it is no TOML"
    )


def test_steps_that_otac_does_not_run(built: Path, serve: Serve) -> None:
    file = built / "prefect.yaml"
    text = file.read_text("utf-8")
    own = "push:\n  - prefect_docker.deployments.steps.push_docker_image: {id: image}\n"
    file.write_text(text.replace("\ndeployments:", f"\n{own}\ndeployments:"), "utf-8")
    # Those of others are nobody's business, as long as nothing of ours asks for them.
    server = serve()
    done = _plan(built, server.url)
    assert (done.status, "OTC542" in done.err) == (2, False)
    config = built / "config.yml"
    pull = "{acme.pull: {image: '{{ image.image_id }}'}}"
    config.write_text(
        f"prefect: {{pull: [{pull}]}}\n{config.read_text('utf-8')}", "utf-8"
    )
    done = _plan(built, server.url)
    assert "OTC542" in _found(done)
    assert "`prefect_docker.deployments.steps.push_docker_image`" in done.err


def test_job_variables_that_the_pool_refuses(tmp_path: Path, serve: Serve) -> None:
    properties = {"image": {"type": "string"}, "stream": {"type": "boolean"}}
    template = {"variables": {"properties": properties, "required": ["image"]}}

    def answer(method: str, path: str, body: Any) -> tuple[int, Any] | None:
        if path == "/work_pools/filter":
            return 200, [{"name": "default", "base_job_template": template}]
        return None

    (tmp_path / "config.yml").write_text(
        "orchestrator:\n  runners:\n    - pipe_id: a\n"
        "      job_variables: {imagee: x, stream: 'no'}\n"
        "      pipe: {use: Expression, expression: 1}\n",
        "utf-8",
    )
    assert otac("build", "-q", "config.yml", cwd=tmp_path).status == 0
    server = serve(answer)
    done = _deploy(tmp_path, server.url)
    assert done.status == 3
    assert done.err.count("error[OTC538]") == 2
    assert "lacks the job variable `image`" in done.err
    assert "`stream` of runner `a` is not of type boolean or null" in done.err
    assert "warning[OTC538]" in done.err
    assert "did you mean `image`?" in done.err
    assert server.writes == []


def test_a_trigger_gives_an_unknown_parameter(tmp_path: Path, serve: Serve) -> None:
    (tmp_path / "config.yml").write_text(
        "orchestrator:\n  runners:\n    - pipe_id: a\n"
        "      parameters: {queue: A}\n"
        "      triggers: [{expect: [x], parameters: {qeue: B}}]\n"
        "      pipe: {use: Expression, expression: '{{ params.queue }}'}\n",
        "utf-8",
    )
    assert otac("build", "-q", "config.yml", cwd=tmp_path).status == 0
    server = serve()
    done = _deploy(tmp_path, server.url)
    assert "OTC544" in _found(done)
    assert "did you mean `queue`?" in done.err
    assert server.writes == []


@pytest.mark.parametrize(
    ("value", "fits"),
    [("two", False), ("2.5", False), ("null", False), ("2", True), ("'{{ n }}'", True)],
)
def test_a_trigger_gives_a_value_of_another_type(
    value: str, fits: bool, tmp_path: Path, serve: Serve
) -> None:
    (tmp_path / "config.yml").write_text(
        "orchestrator:\n  runners:\n    - pipe_id: a\n"
        "      parameters: {n: 1}\n"
        f"      triggers: [{{expect: [x], parameters: {{n: {value}}}}}]\n"
        "      pipe: {steps: [{id: s, use: Expression, expression: '{{ params.n }}'}]}\n",
        "utf-8",
    )
    assert otac("build", "-q", "config.yml", cwd=tmp_path).status == 0
    done = _plan(tmp_path, serve().url)
    assert ("OTC544" in done.err) is not fits


def test_a_block_that_is_not_there(tmp_path: Path, serve: Serve) -> None:
    (tmp_path / "config.yml").write_text(
        "notifications: [{id: ops, use: slack, block: somewhere}]\n"
        "orchestrator:\n  runners:\n    - pipe_id: a\n"
        "      pipe: {use: Expression, expression: 1}\n",
        "utf-8",
    )
    assert otac("build", "-q", "config.yml", cwd=tmp_path).status == 0
    done = _deploy(tmp_path, serve().url)
    assert "there is no block `slack-webhook/somewhere`" in _found(done)
    assert "OTC541" in done.err


def test_errors_as_json_are_the_array_of_every_command(built: Path) -> None:
    done = _plan(built, "", "--format", "json")
    (found,) = json.loads(done.out)
    assert (done.status, found["code"], done.err) == (3, "OTC530", "")
