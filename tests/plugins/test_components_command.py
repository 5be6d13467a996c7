"""`otac components` and `otac components sync`, with plugins that are really installed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from plugin_site import describe, install

from command import Finished, otac

CONFIG = """\
services:
  desk: {use: "acme:MemoryTickets", password: "{{ get_env('DESK') }}", tickets: [{subject: VPN, body: slow, queue: {name: inbox}}]}
  words: {use: "acme:WordCounter", words: {IT: vpn}}
orchestrator:
  defaults: {retries: 1, retry_delay_seconds: 0}
  runners:
    - pipe_id: triage
      pipe:
        steps:
          - {id: greet, use: "acme:Greet", name: Eva, times: 2}
          - {id: triage, use: "acme:Triage", queue: inbox}
          - {id: shout, use: acme_local.shout, text: "{{ get_pipe_result('greet', 'text') }}"}
          - {id: report, use: "acme:Report", of: triage}
          - {id: fetch, use: FetchTickets, ticket_search_criteria: {queue: {name: IT}}}
          - {id: skipped, use: "acme:Leave", how: skip}
          - {id: failed, use: "acme:Leave", how: fail, on_error: continue}
          - id: after
            use: Expression
            expression: "{{ [has_failed('skipped'), has_failed('failed')] }}"
"""
LOCAL = '''\
from otac.components import Component, TicketSystem

print("imported")


def shout(text: str, times: int = 2) -> str:
    """Says it louder."""
    return text.upper() * times
'''


@pytest.fixture
def project(tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration that names plugins, beside a module of its own."""
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.setenv("DESK", "correct horse battery")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "acme_local.py").write_text(LOCAL, encoding="utf-8")
    return folder


def record(project: Path) -> dict[str, object]:
    data = json.loads((project / "otac.components.json").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def test_without_the_record_plugins_are_unknown(project: Path) -> None:
    finished = otac("build", "config.yml", "--format", "concise", cwd=project)
    assert finished.status == 1
    assert "OTC332 module `acme` is not installed here" in finished.err
    assert not (project / "generated").exists()


def test_sync_records_plugins_and_imported_components(project: Path) -> None:
    finished = otac("components", "sync", cwd=project)
    assert finished == Finished(
        0, "", "imported\notac.components.json written: 9 components\n"
    )
    data = record(project)
    assert data["plugins"] == {
        "acme": {"distribution": "otai-acme", "version": "1.2.0"},
        "frozen-help": {"distribution": "frozen-help", "version": "1.2.0"},
    }
    components = data["components"]
    assert isinstance(components, dict)
    assert list(components) == [
        "acme:Greet",
        "acme:Leave",
        "acme:MemoryTickets",
        "acme:Report",
        "acme:Triage",
        "acme:WordCounter",
        "acme_local:shout",
        "frozen-help:Add",
        "frozen-help:Desk",
    ]
    assert components["acme:Greet"] == {
        "kind": "pipe",
        "description": "Says hello.",
        "parameters": {
            "additionalProperties": False,
            "properties": {
                "name": {"description": "Whom to greet", "type": "string"},
                "times": {
                    "default": 1,
                    "description": "How often",
                    "minimum": 1,
                    "type": "integer",
                },
                "tone": {"default": "kind", "enum": ["kind", "loud"], "type": "string"},
            },
            "required": ["name"],
            "type": "object",
        },
        "services": {},
        "results": None,
        "network": False,
        "module": "otai_acme.pipes",
        "name": "Greet",
        "plugin": "acme",
    }
    assert components["acme:Triage"]["services"] == {
        "ticket_system": {"kind": "ticket_system", "required": True},
        "classification_service": {"kind": "classifier", "required": True},
    }
    assert components["acme:MemoryTickets"]["kind"] == "ticket_system"
    assert components["acme:WordCounter"]["kind"] == "classifier"
    assert components["frozen-help:Add"]["services"] == {
        "desk": {"kind": "unknown", "required": True}
    }
    shout = components["acme_local:shout"]
    assert shout["results"]["properties"] == {"value": {"type": "string"}}
    assert len(shout["source"]) == 64
    assert str(project) not in json.dumps(data)
    again = otac("components", "sync", "config.yml", cwd=project)
    assert again.err.endswith("otac.components.json is up to date: 9 components\n")


def test_building_imports_nothing_and_needs_no_plugin(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert otac("components", "sync", "-q", cwd=project).status == 0
    monkeypatch.delenv("PYTHONPATH")
    built = otac("build", "config.yml", cwd=project)
    assert built == Finished(0, "", "config.yml: 6 created\n")
    module = (project / "generated/flows/triage.py").read_text(encoding="utf-8")
    assert "from otai_acme.pipes import Greet, Leave, Report, Triage\n" in module
    lock = json.loads((project / "generated/otac.lock").read_text(encoding="utf-8"))
    assert "otac.components.json" in lock["inputs"]


def test_a_changed_record_is_a_changed_input(project: Path) -> None:
    config = (
        "orchestrator: {runners: [{pipe_id: a, pipe: {use: 'acme:Greet', name: Eva}}]}"
    )
    (project / "config.yml").write_text(config, encoding="utf-8")
    assert otac("components", "sync", "-q", cwd=project).status == 0
    assert otac("build", "-q", "config.yml", cwd=project).status == 0
    fresh = otac("build", "config.yml", cwd=project)
    assert fresh.err == "config.yml: nothing to do, all files are up to date\n"
    path = project / "otac.components.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"name": {', '"nome": {'), encoding="utf-8")
    stale = otac("build", "config.yml", "--format", "concise", cwd=project)
    assert stale.status == 1
    assert "OTC321 `acme:Greet` has no parameter `name`" in stale.err
    assert "OTC371" in stale.err


def test_a_plugin_that_was_upgraded(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    install(site, "otai_acme")
    install(site, "frozen_help")
    monkeypatch.setenv("PYTHONPATH", str(site))
    assert otac("components", "sync", "-q", cwd=project).status == 0
    shutil.rmtree(site / "otai_acme")
    install(site, "otai_acme", "1.3.0")
    found = otac("check", "config.yml", "--format", "concise", cwd=project)
    assert found.status == 0
    assert (
        "OTC372 warning: plugin `acme` is recorded as otai-acme 1.2.0, and 1.3.0 is installed"
    ) in found.err
    assert otac("components", "sync", "-q", cwd=project).status == 0
    found = otac("check", "config.yml", cwd=project)
    assert "OTC372" not in found.err


def test_plugins_of_our_own_kind(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    describe(
        site,
        "Desk_Tools",
        "2.0",
        "[otac.components]\nShout = acme_local:shout\nQuiet = acme_local:shout\n",
    )
    monkeypatch.setenv("PYTHONPATH", str(site))
    config = """
orchestrator:
  runners:
    - pipe_id: a
      pipe: {use: "desk-tools:Shout", text: hello, times: often}
"""
    (project / "config.yml").write_text(config, encoding="utf-8")
    finished = otac("components", "sync", cwd=project)
    assert finished.err.endswith("otac.components.json written: 2 components\n")
    found = otac("check", "config.yml", "--format", "concise", cwd=project)
    assert "OTC204 `times` must be" in found.err
    fixed = config.replace("often", "3")
    (project / "config.yml").write_text(fixed, encoding="utf-8")
    assert otac("build", "-q", "config.yml", cwd=project).status == 0
    module = (project / "generated/flows/a.py").read_text(encoding="utf-8")
    assert "from acme_local import shout\n" in module


def test_a_broken_plugin(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    describe(
        broken,
        "otai-broken",
        "1",
        "[open_ticket_ai.plugins]\nbroken = otai_broken.plugin:Plugin\n",
    )
    site = os.pathsep.join([str(broken), os.environ["PYTHONPATH"]])
    monkeypatch.setenv("PYTHONPATH", site)
    left_out = otac("components", "sync", cwd=project)
    assert left_out.status == 0
    assert "warning[OTC520]: plugin `broken` cannot be used:" in left_out.err
    assert "No module named 'otai_broken'" in left_out.err
    (project / "otac.components.json").unlink()
    config = "orchestrator: {runners: [{pipe_id: a, pipe: {use: 'broken:Pipe'}}]}"
    (project / "config.yml").write_text(config, encoding="utf-8")
    needed = otac("components", "sync", cwd=project)
    assert needed.status == 3
    assert "error[OTC520]: plugin `broken` cannot be used:" in needed.err
    assert not (project / "otac.components.json").exists()


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (
            "import nothing_like_it",
            "ModuleNotFoundError: No module named 'nothing_like_it'",
        ),
        (
            "def other(): ...",
            "AttributeError: module 'acme_local' has no attribute 'shout'",
        ),
        ("shout = 3", "it is neither a class nor a function"),
        ("def shout(text, /): ...", "`shout` takes `text` by position only"),
        ("def shout(:", "SyntaxError"),
    ],
)
def test_a_module_that_cannot_be_imported(
    project: Path, code: str, wanted: str
) -> None:
    (project / "acme_local.py").write_text(code, encoding="utf-8")
    finished = otac("components", "sync", cwd=project)
    assert finished.status == 3
    assert (
        "error[OTC521]: component `acme_local:shout` cannot be described"
        in finished.err
    )
    assert wanted in finished.err
    assert not (project / "otac.components.json").exists()


def test_a_module_that_ends_python(project: Path) -> None:
    (project / "acme_local.py").write_text("import sys; sys.exit(7)", encoding="utf-8")
    finished = otac("components", "sync", cwd=project)
    assert finished.status == 3
    assert (
        "error[OTC523]: the imported code ended the process with status 7"
        in finished.err
    )


def test_parameters_that_json_does_not_know(project: Path) -> None:
    code = (
        "from collections.abc import Callable\ndef shout(text: Callable[[], str]): ..."
    )
    (project / "acme_local.py").write_text(code, encoding="utf-8")
    finished = otac("components", "sync", cwd=project)
    assert finished.status == 0
    assert (
        "warning[OTC522]: the parameters of `acme_local:shout` have types"
        in finished.err
    )
    assert otac("check", "config.yml", cwd=project).status == 0


def test_keywords_that_a_build_passes_over(project: Path) -> None:
    code = (
        "from typing import Annotated\nfrom pydantic import Field\n"
        "def shout(text: Annotated[int, Field(multiple_of=5, le=50)],"
        " more: set[str] | None = None, key: Annotated[str, Field(json_schema_extra="
        '{"x-mine": 1, "deprecated": True})] = ""): ...\n'
    )
    (project / "acme_local.py").write_text(code, encoding="utf-8")
    finished = otac("components", "sync", cwd=project)
    assert finished.status == 0
    assert (
        "warning[OTC522]: the parameters of `acme_local:shout` have a schema with"
        " `multipleOf`, `uniqueItems`\n"
        " = help: a build does not know that and passes it over; it is checked only when"
        " the component runs\n"
    ) in finished.err
    config = (
        "orchestrator: {runners: [{pipe_id: a, pipe: {use: 'acme_local:shout',"
        " text: 7}}]}"
    )
    (project / "config.yml").write_text(config, encoding="utf-8")
    assert otac("check", "config.yml", cwd=project).status == 0
    (project / "config.yml").write_text(config.replace("7", "57"), encoding="utf-8")
    assert "`text` is 57" in otac("check", "config.yml", cwd=project).err


@pytest.mark.parametrize("extra", ['{"pattern": 3}', '{"minLength": "a"}'])
def test_a_schema_that_is_none(project: Path, extra: str) -> None:
    code = (
        "from typing import Annotated\nfrom pydantic import Field\n"
        f"def shout(text: Annotated[str, Field(json_schema_extra={extra})]): ...\n"
    )
    (project / "acme_local.py").write_text(code, encoding="utf-8")
    finished = otac("components", "sync", cwd=project)
    assert finished.status == 3
    assert (
        "component `acme_local:shout` cannot be described: its schema" in finished.err
    )
    assert not (project / "otac.components.json").exists()


def test_a_configuration_that_is_none(project: Path) -> None:
    missing = otac("components", "sync", "nothing.yml", cwd=project)
    assert (missing.status, "OTC505" in missing.err) == (3, True)
    (project / "config.yml").write_text("a: [", encoding="utf-8")
    assert otac("components", "sync", cwd=project).status == 1
    assert otac("components", "sync", "a", "b", cwd=project).status == 2


def test_looking_into_components_without_pydantic(project: Path) -> None:
    """As after `pip install otac`; a path hides the package from this process only."""
    code = (
        "import sys, importlib.util as u\n"
        "find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'pydantic' else find(name, *a)\n"
        "from otac.cli import main\n"
        "sys.exit(main(['components', 'sync']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "error[OTC524]" in done.stderr
    assert 'pip install "otac[prefect]"' in done.stderr


def test_the_list(project: Path) -> None:
    built_in = otac("components", cwd=project)
    assert built_in.status == 0
    assert built_in.out.startswith("built in:\n  AddNote (pipe)  Writes a note")
    assert "acme:Greet" not in built_in.out
    otac("components", "sync", "-q", cwd=project)
    listed = otac("components", "config.yml", cwd=project)
    assert listed.out.endswith("""
otai-acme 1.2.0:
  acme:Greet (pipe)  Says hello.
    name: string                    Whom to greet
    times?: integer                 How often
    tone?: one of kind, loud
  acme:Leave (pipe)  Ends in a way that is no success.
    how: one of fail, raise, skip, compose
  acme:MemoryTickets (ticket system)  Tickets as long as the process lives.
    password: string
    tickets?: array
    takes the services client?
  acme:Report (pipe)  Tells what it sees of the run.
    of: string
  acme:Triage (pipe)  Moves the first ticket of a queue to the queue its words speak for.
    queue: string
    model_name?: string
    api_token?: string or null
    takes the services ticket_system, classification_service
  acme:WordCounter (classifier)  The label whose word is in the text.
    words: object

frozen-help 1.2.0:
  frozen-help:Add (pipe)  Adds to what an earlier pipe returned. Written without `async`.
    number: integer
    to?: string
    takes the services desk
  frozen-help:Desk (unknown)  A service.
    name?: string

acme_local:
  acme_local:shout (unknown)  Says it louder.
    text: string
    times?: integer
    returns value
""")
    data = json.loads(otac("components", "--format", "json", cwd=project).out)
    assert data["acme:Greet"]["origin"] == "otai-acme 1.2.0"
    assert data["FetchTickets"]["results"]["properties"].keys() == {"fetched_tickets"}
    (project / "otac.components.json").write_text("{", encoding="utf-8")
    damaged = otac("components", cwd=project)
    assert (damaged.status, damaged.out) == (1, "")
    assert "OTC370" in damaged.err


def test_the_schema_knows_what_is_on_record(project: Path) -> None:
    before = json.loads(otac("schema", cwd=project).out)["$defs"]
    otac("components", "sync", "-q", cwd=project)
    elsewhere = otac("schema", "project/config.yml", cwd=project.parent)
    after = json.loads(elsewhere.out)["$defs"]
    assert {
        name for name in after.keys() - before.keys() if name.startswith("step:")
    } == {
        *("step:acme:Greet", "step:acme:Leave", "step:acme:Report", "step:acme:Triage"),
        *("step:acme_local:shout", "step:frozen-help:Add", "step:frozen-help:Desk"),
    }


@pytest.mark.slow
def test_from_the_configuration_to_a_run(project: Path) -> None:
    """Configuration, sync, build, run: the plugins' own code does the work."""
    assert otac("components", "sync", "-q", cwd=project).status == 0
    finished = otac("run", "config.yml", "triage", cwd=project, timeout=500)
    assert finished.status == 0, finished.err
    result = json.loads(finished.out)
    assert result["greet"] == {"text": "Hello Eva! Hello Eva!"}
    assert result["triage"]["label"] == "IT"
    assert result["shout"] == {"value": "HELLO EVA! HELLO EVA!" * 2}
    assert result["report"]["succeeded"] is True
    assert result["report"]["result"]["data"]["label"] == "IT"
    assert [t["queue"]["name"] for t in result["fetch"]["fetched_tickets"]] == ["IT"]
    assert result["after"] == {"value": [False, True]}
    assert result.keys().isdisjoint({"skipped", "failed"})
    assert "skipped  Skipped" in finished.err
    assert "nothing to do" in finished.err
    # Prefect has tried it again, as the configuration says.
    assert "2 attempts" in finished.err
    assert "PipeFailed: the helpdesk is closed" in finished.err
    kept = b"".join(
        p.read_bytes() for p in (project / ".otac").rglob("*") if p.is_file()
    )
    assert b"correct horse battery" not in kept + finished.err.encode()


LEFT_OUT = """
services: {desk: {use: "frozen-help:Desk", name: first}}
orchestrator:
  runners:
    - pipe_id: add
      pipe: {use: "frozen-help:Add", number: 2, injects: {desk: desk}}
"""


def test_a_plugin_may_be_left_to_the_run(project: Path) -> None:
    (project / "config.yml").write_text(LEFT_OUT, encoding="utf-8")
    refused = otac("build", "config.yml", cwd=project)
    assert refused.status == 1
    assert "error[OTC373]: plugin `frozen-help` is not known here" in refused.err
    built = otac("build", "config.yml", "--allow-unresolved", cwd=project)
    assert "warning[OTC373]: plugin `frozen-help` is not known here" in built.err
    module = (project / "generated/flows/add.py").read_text(encoding="utf-8")
    assert (
        """\
    return await run.call(
        plugin("frozen-help:Add"),
        number=run.params["number"],
        desk=run.service(services.desk),
    )
"""
        in module
    )
    services = (project / "generated/services.py").read_text(encoding="utf-8")
    assert (
        """\
def desk() -> Any:
    \"\"\"Service `desk`.\"\"\"
    return build(plugin("frozen-help:Desk"), name="first")
"""
        in services
    )


@pytest.mark.slow
def test_what_is_left_to_the_run_is_found_there(project: Path) -> None:
    (project / "config.yml").write_text(LEFT_OUT, encoding="utf-8")
    built = otac("build", "-q", "config.yml", "--allow-unresolved", cwd=project)
    assert built.status == 0
    code = (
        "from prefect.testing.utilities import prefect_test_harness\n"
        "from generated.flows.add import add\nimport asyncio\n"
        "with prefect_test_harness(server_startup_timeout=120):\n"
        "    print(asyncio.run(add()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout.strip() == "{'add': {'sum': 2, 'at': 'first'}}", done.stderr
