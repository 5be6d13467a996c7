"""What otac works out by itself is what Prefect works out, without a server."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock
from uuid import uuid4

import prefect
import pytest
from prefect.client.schemas.objects import Flow, FlowRun
from prefect.utilities.callables import parameter_schema as schema_of
from prefect.utilities.importtools import import_object
from prefect.utilities.schema_tools import validate
from prefect.utilities.templating import apply_values
from prefect.workers.base import BaseJobConfiguration

from otac.deploy.api import Api
from otac.deploy.job_variables import misfits
from otac.deploy.parameter_schema import parameter_schema
from otac.deploy.placeholders import Placeholders, Unresolved
from otac.deploy.settings import Settings, find_settings
from otac.diagnostics.diagnostic import Diagnostic
from otac.lower.parameters import KINDS, fits
from otac.lower.project import Parameter
from otac.pipeline import CompileOptions, compile_configuration
from otac.source.document import Span

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
        ({"prefect.toml": _TOML}, {"PREFECT_API_URL": ""}),
        ({"home/profiles.toml": _PROFILES, "app/prefect.toml": _TOML}, {}),
    ],
)
def test_the_settings_are_those_that_prefect_finds(
    files: dict[str, str], environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "app").mkdir()
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


_PULL: list[Any] = [
    {"acme.clone": {"id": "clone", "url": "{{ $OTAC_A }}/{{ project.directory }}"}},
    {"acme.go": {"folder": "{{ clone.directory }}", "sub": "{{ directory }}/x"}},
    {"acme.log": {"key": "{{ prefect.blocks.secret.key }}", "n": "{{project.number}}"}},
    # Prefect 3.4.20 drops items of lists that it does not fill in; not in a mapping.
    {"acme.more": {"a": "{{ prefect.variables.a }}", "b": "{{ clone.list[0].a }}"}},
    {"acme.worker": {"key": "{{ $OTAC_B }}", "other": "a {{ $OTAC_B }}", "x": None}},
]


def test_pull_steps_are_stored_as_prefect_stores_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTAC_A", "a value")
    monkeypatch.delenv("OTAC_B", raising=False)
    stored = _placeholders().resolve_pull(_PULL)
    assert stored == apply_values(_PULL, _OUTPUTS, remove_notset=False)


_VARIABLES: dict[str, Any] = {
    "type": "object",
    "required": ["image"],
    "properties": {
        "image": {"type": "string"},
        "name": {"type": "string", "default": "x", "pattern": "^[a-z]*$"},
        "count": {"type": "integer", "minimum": 1},
        "policy": {"enum": ["Always", "Never"], "type": "string"},
        "env": {"type": "object", "additionalProperties": {"type": "string"}},
        "ports": {"type": "array", "items": {"type": "integer"}},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        "limits": {"allOf": [{"$ref": "#/definitions/Limits"}]},
    },
    "definitions": {
        "Limits": {
            "type": "object",
            "title": "Limits",
            "properties": {"memory": {"type": "integer"}},
            "required": ["memory"],
        }
    },
}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"image": "a"},
        {"image": None},
        {"image": 1, "name": "A"},
        {"image": "a", "name": None, "count": None},
        {"image": "a", "count": 0},
        {"image": "a", "count": 1.0, "policy": "Sometimes"},
        {"image": "a", "count": True, "policy": "Never"},
        {"image": "a", "env": {"A": "1"}, "ports": [1, 2]},
        {"image": "a", "env": {"A": 1}, "ports": [1, "2"]},
        {"image": "a", "either": 1, "limits": {"memory": 1}},
        {"image": "a", "either": [], "limits": {"memory": "lots"}},
        {"image": "a", "unknown": 1},
    ],
)
def test_job_variables_are_refused_as_prefect_refuses_them(
    given: dict[str, Any],
) -> None:
    values = {"name": "x", **given}
    theirs = validate(values, _VARIABLES, allow_none_with_default=True)
    refused = {".".join(map(str, one.absolute_path)) for one in theirs}
    needed = {"image"} - set(given)
    ours = list(misfits(given, {"variables": _VARIABLES}))
    assert {one.variable for one in ours if one.missing} == needed
    assert {one.variable for one in ours if not one.missing} == refused - {""}
    # No value is quoted, which may be a secret.
    assert not any("lots" in one.reason or "Sometimes" in one.reason for one in ours)


@pytest.mark.parametrize("annotation", sorted(KINDS))
def test_a_parameter_fits_where_prefect_takes_it(annotation: str) -> None:
    default = {"str": "", "bool": True, "int": 1, "float": 1.5}.get(annotation)
    if default is None:
        default = [] if annotation.startswith("list") else {}
    parameter = Parameter("p", annotation, default, Span(0, 0))
    schema: Any = parameter_schema([parameter])
    for value in ("a", "1", True, 1, 2.0, 0.5, None, [], [1], {}, {"a": 1}):
        refused = validate({"p": value}, schema, ignore_required=True)
        assert fits(annotation, value) == (not refused), value


def test_names_of_jobs_are_filled_in_by_workers() -> None:
    """Those of the newest releases; nothing fills in what stands in `env`."""
    text = "{{ ctx.flow.name }}-{{ ctx.flow_run.name }}"
    template = {
        "job_configuration": {"name": "{{ name }}", "env": "{{ env }}"},
        "variables": {"properties": {"name": {}, "env": {}}},
    }
    values = {"name": text, "env": {"RUN": text}}
    configuration: Any = asyncio.run(
        # It has nothing to ask a server for.
        BaseJobConfiguration.from_template_and_values(
            template, values, client=MagicMock()
        )
    )
    flow_run = FlowRun(flow_id=uuid4(), name="a-run")
    configuration.prepare_for_flow_run(flow_run, None, Flow(name="a_flow"))
    release = tuple(int(part) for part in prefect.__version__.split(".")[:3])
    filled_in = release >= (3, 6, 18)
    assert configuration.name == ("a_flow-a-run" if filled_in else text)
    assert configuration.env["RUN"] == text


def _placeholders() -> Placeholders:
    api = Api(Settings("http://127.0.0.1:9/api", {}))
    return Placeholders(api, os.environ, _OUTPUTS)
