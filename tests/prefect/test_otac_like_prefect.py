"""What otac works out by itself is what Prefect works out, without a server."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from prefect.utilities.callables import parameter_schema as schema_of
from prefect.utilities.importtools import import_object
from prefect.utilities.templating import apply_values

from otac.deploy.api import Api
from otac.deploy.parameter_schema import parameter_schema
from otac.deploy.placeholders import Placeholders, Unresolved
from otac.deploy.settings import Settings, find_settings
from otac.diagnostics.diagnostic import Diagnostic
from otac.pipeline import CompileOptions, compile_configuration

_HERE = Path(__file__).parent
_PROFILES = """\
active = "work"
[profiles.work]
PREFECT_API_URL = "http://profile/api"
PREFECT_API_KEY = "profile-key"
[profiles.other]
PREFECT_API_URL = "http://other/api/"
PREFECT_API_AUTH_STRING = "admin:pass"
"""
_TOML = """\
[api]
url = "http://toml/api"
tls_insecure_skip_verify = true
"""
_PYPROJECT = """\
[tool.prefect.api]
url = "http://pyproject/api"
request_timeout = 7.5
"""

_ASK = """\
import json
from prefect.client.orchestration import get_client
from prefect.settings import get_current_settings as now
settings = now()
client = get_client(sync_client=True) if settings.api.url else None
headers = client._client.headers if client else {}
print(json.dumps([
    (settings.api.url or "").rstrip("/"),
    {k: v for k, v in headers.items() if k.startswith(("authorization", "x-one"))},
    not settings.api.tls_insecure_skip_verify,
    settings.api.request_timeout,
]))
"""


@pytest.mark.parametrize(
    ("files", "environment"),
    [
        ({}, {}),
        ({}, {"PREFECT_API_URL": "http://env/api", "PREFECT_API_KEY": "k"}),
        ({"home/profiles.toml": _PROFILES}, {}),
        ({"home/profiles.toml": _PROFILES}, {"PREFECT_PROFILE": "other"}),
        ({"home/profiles.toml": _PROFILES}, {"PREFECT_PROFILE": "no such one"}),
        ({"home/profiles.toml": _PROFILES, "prefect.toml": _TOML}, {}),
        (
            {"prefect.toml": _TOML, "pyproject.toml": _PYPROJECT},
            {"PREFECT_CLIENT_CUSTOM_HEADERS": '{"X-One": "2", "User-Agent": "me"}'},
        ),
        ({"pyproject.toml": _PYPROJECT}, {"PREFECT_API_AUTH_STRING": "a:b"}),
        (
            {
                "prefect.toml": _TOML,
                ".env": "# x\nPREFECT_API_URL='http://dotenv/api'\n",
            },
            {"PREFECT_API_KEY": "k", "PREFECT_API_AUTH_STRING": "a:b"},
        ),
        (
            {"mine.toml": _PROFILES, ".env": "export PREFECT_API_KEY=dotenv  # mine\n"},
            {"PREFECT_PROFILES_PATH": "mine.toml"},
        ),
    ],
)
def test_the_settings_are_those_that_prefect_finds(
    files: dict[str, str], environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    whole = {
        **clean,
        "PREFECT_HOME": str(tmp_path / "home"),
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        **environment,
    }
    done = subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=tmp_path,
        env=whole,
        capture_output=True,
        text=True,
        check=True,
    )
    url, headers, verify, timeout = json.loads(done.stdout.splitlines()[-1])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        found = find_settings(Path(), whole)
    if isinstance(found, Diagnostic):
        assert (found.code, url) == ("OTC530", "")
        return
    assert found.url == url
    assert {name.lower(): value for name, value in found.headers.items()} == headers
    assert (found.verify, found.timeout_seconds) == (verify, timeout)
    assert headers.get("authorization", "nothing") not in repr(found)


def test_the_schema_of_parameters_is_the_one_of_the_signature(tmp_path: Path) -> None:
    """Of every flow of the projects here, one of them with every type there is."""
    for project in ("project", "fleet"):
        folder = tmp_path / project
        shutil.copytree(_HERE / project, folder)
        otac = Path(sys.executable).with_name("otac")
        subprocess.run([otac, "build", "-q", "config.yml"], cwd=folder, check=True)
        data = (folder / "config.yml").read_bytes()
        compiled = compile_configuration("config.yml", data, folder, CompileOptions())
        assert compiled.project is not None
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.syspath_prepend(folder)
            before = set(sys.modules)
            for runner in compiled.project.runners:
                place = f"generated/flows/{runner.id}.py:{runner.id}"
                theirs: Any = schema_of(import_object(place))
                expected = theirs.model_dump(exclude_unset=True)
                assert parameter_schema(runner.parameters) == expected, runner.id
            for name in set(sys.modules) - before:
                if name == "acme" or name.split(".")[0] == "generated":
                    del sys.modules[name]
    annotations = {
        parameter.annotation
        for runner in compiled.project.runners
        for parameter in runner.parameters
    }
    assert annotations == {
        "str",
        "int",
        "float",
        "bool",
        "list[Any]",
        "dict[str, Any]",
        "Any",
    }


_OUTPUTS = {"project": {"directory": "/here", "list": [{"a": 1}], "number": 3}}


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "{{ project.directory }}",
        "{{project.number}}",
        "{{ project.list }}",
        "{{ project.list[0].a }}",
        "in {{ project.directory }}/x and {{ project.number }}",
        "{{ $OTAC_A }}",
        "x{{ $OTAC_A }}y{{$OTAC_A}}",
        "{{ not one }}",
        "{% raw %}",
        {"a": ["{{ project.directory }}", {"b": "{{ $OTAC_A }}"}], "c": 1, "d": None},
    ],
)
def test_placeholders_stand_for_what_prefect_puts_there(
    value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTAC_A", "a value")
    assert _placeholders().resolve(value) == apply_values(value, _OUTPUTS)


@pytest.mark.parametrize("value", ["{{ project.other }}", "a {{ x }}", "{{ $OTAC_B }}"])
def test_what_prefect_would_blank_is_told(value: str) -> None:
    with pytest.raises(Unresolved):
        _placeholders().resolve(value)


def _placeholders() -> Placeholders:
    api = Api(Settings("http://127.0.0.1:9/api", {}))
    return Placeholders(api, os.environ, _OUTPUTS)
